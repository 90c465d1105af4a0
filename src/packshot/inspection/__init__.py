"""Inspection: what is right and wrong with a photo, in numbers and in words."""

from packshot.inspection.background import MeasuredBackground, measure_background
from packshot.inspection.border import border_widths, bordered_sides
from packshot.inspection.colours import COLOUR_NAMES, named_colours
from packshot.inspection.findings import inspect
from packshot.inspection.quality import clipped, exposure, sharpness

__all__ = [
    "COLOUR_NAMES",
    "MeasuredBackground",
    "border_widths",
    "bordered_sides",
    "clipped",
    "exposure",
    "inspect",
    "measure_background",
    "named_colours",
    "sharpness",
]
