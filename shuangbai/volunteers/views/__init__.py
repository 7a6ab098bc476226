"""Pages of volunteers, in files by what they are about."""
