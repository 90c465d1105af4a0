"""Saying what is in a photo: recipes ``describe``, ``attribute`` and ``embed``."""
