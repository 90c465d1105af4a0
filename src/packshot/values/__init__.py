"""The values that travel between stages: frozen, validated on construction.

Conventions (also in ``docs/reference/conventions.md``): pictures are RGB uint8 ``(h, w, 3)``; alpha is float32 0..1
``(h, w)``; boxes are ``(x0, y0, x1, y1)`` in pixels, end-exclusive; every score and uncertainty is in 0..1.
"""

from packshot.values.answer import Answer, Attribute, Choice
from packshot.values.arrays import Alpha, AnyArray, Grey, Rgb, Rgba
from packshot.values.box import Box
from packshot.values.cutout import Cutout
from packshot.values.description import CATEGORY, Description, Heatmap, Product
from packshot.values.doubt import Doubt
from packshot.values.findings import Findings, NamedColour, RuleResult
from packshot.values.frame import Frame
from packshot.values.mask import Mask
from packshot.values.overlays import Overlays
from packshot.values.packshot import Packshot
from packshot.values.photo import Photo
from packshot.values.profile_result import ProfileResult
from packshot.values.review_reason import ReviewReason
from packshot.values.source_type import SourceType
from packshot.values.status import Status
from packshot.values.thing import Thing

__all__ = [
    "CATEGORY",
    "Alpha",
    "Answer",
    "AnyArray",
    "Attribute",
    "Box",
    "Choice",
    "Cutout",
    "Description",
    "Doubt",
    "Findings",
    "Frame",
    "Grey",
    "Heatmap",
    "Mask",
    "NamedColour",
    "Overlays",
    "Packshot",
    "Photo",
    "Product",
    "ProfileResult",
    "ReviewReason",
    "Rgb",
    "Rgba",
    "RuleResult",
    "SourceType",
    "Status",
    "Thing",
]
