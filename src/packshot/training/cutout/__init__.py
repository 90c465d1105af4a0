"""Cutting products out: the recipe ``cutout``, whose network ships."""
