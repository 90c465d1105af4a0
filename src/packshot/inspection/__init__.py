"""Inspection: what is right and wrong with a photo, in numbers and in words."""

from packshot.inspection.border import border_widths, bordered_sides
from packshot.inspection.colours import COLOUR_NAMES, named_colours
from packshot.inspection.findings import inspect
from packshot.inspection.ground import Ground, measure_ground
from packshot.inspection.quality import clipped, exposure, sharpness

__all__ = [
    "COLOUR_NAMES",
    "Ground",
    "border_widths",
    "bordered_sides",
    "clipped",
    "exposure",
    "inspect",
    "measure_ground",
    "named_colours",
    "sharpness",
]
