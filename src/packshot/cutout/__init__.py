"""The product without its background: mask, soft edges, edge colours, and how far to trust them."""

from packshot.cutout.cut import cut_out
from packshot.cutout.edge_colour import foreground_colours
from packshot.cutout.matte import upsample
from packshot.cutout.segmentation import GIVEN_ALPHA, GRABCUT, segment, segmenter
from packshot.cutout.uncertainty import require_subject

__all__ = [
    "GIVEN_ALPHA",
    "GRABCUT",
    "cut_out",
    "foreground_colours",
    "require_subject",
    "segment",
    "segmenter",
    "upsample",
]
