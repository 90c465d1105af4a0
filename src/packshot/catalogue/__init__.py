"""The catalogue: one record per item, found again by photo, free of duplicates, reviewed by people."""

from packshot.catalogue.record import CatalogueItem

__all__ = ["CatalogueItem"]
