"""What was laid over a picture, text, logos, badges and watermarks: found by a network, located, counted in fields."""

from packshot.overlay.finder import NO_DETECTION, FindOverlays, overlay_finder, overlay_fingerprint
from packshot.overlay.network import OverlayDetector
from packshot.overlay.places import SURE, boxes_of, covered_cells, covers_product, share_on, touched_fields

__all__ = [
    "NO_DETECTION",
    "SURE",
    "FindOverlays",
    "OverlayDetector",
    "boxes_of",
    "covered_cells",
    "covers_product",
    "overlay_finder",
    "overlay_fingerprint",
    "share_on",
    "touched_fields",
]
