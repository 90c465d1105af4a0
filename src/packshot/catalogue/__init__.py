"""Catalogue: finished records kept, searched, compared and reviewed."""
