"""Separating product and background with a published network: recipes ``tiramisu``, ``unet`` and ``maskrcnn``."""
