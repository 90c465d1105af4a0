"""Composition: a cut-out product becomes a finished packshot on its canvas, in its file."""

from packshot.composition.compose import compose
from packshot.composition.layout import Layout, lay_out
from packshot.composition.overrides import override_composition, parse_size
from packshot.composition.placement import Placement
from packshot.composition.shadow import contact_shadow
from packshot.specs import Composition, FileFormat, FillOf, Position

__all__ = [
    "Composition",
    "FileFormat",
    "FillOf",
    "Layout",
    "Placement",
    "Position",
    "compose",
    "contact_shadow",
    "lay_out",
    "override_composition",
    "parse_size",
]
