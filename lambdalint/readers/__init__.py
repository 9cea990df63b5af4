"""Bytes to packages."""
