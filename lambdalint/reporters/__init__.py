"""Reports to text; one file each."""
