"""What a native file says of itself."""
