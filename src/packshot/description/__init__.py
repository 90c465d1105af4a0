"""Description: what is in a photo, where, and how sure."""

from packshot.description.drawing import draw_heatmap, draw_products
from packshot.description.finder import NO_DESCRIPTION, describe, describer, describer_fingerprint
from packshot.description.heatmap import file_stems, stretched
from packshot.description.network import Describer

__all__ = [
    "NO_DESCRIPTION",
    "Describer",
    "describe",
    "describer",
    "describer_fingerprint",
    "draw_heatmap",
    "draw_products",
    "file_stems",
    "stretched",
]
