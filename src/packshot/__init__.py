"""packshot."""
