"""Overlays drawn over photos, with the exact mask of their pixels, and print on products that is none."""
