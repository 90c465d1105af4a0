"""How a finished picture came about, from how its parts did."""

from __future__ import annotations

from packshot.specs import Composition
from packshot.values import SourceType

__all__ = ["made_how"]

_SYNTHETIC = {SourceType.ALGORITHMIC, SourceType.COMPOSITE_SYNTHETIC, SourceType.DRAWN}


def made_how(photo: SourceType | None, backdrop: SourceType | None, spec: Composition) -> SourceType | None:
    """What a finished picture's metadata says of how it came about; None to say nothing.

    What was generated stays named so, whatever channel it is for: Google Merchant Center asks that the mark is kept. A
    product on a plain background is the photo's kind of picture; one on a picture is a composite.

    Args:
        photo: how the photo says that it came about.
        backdrop: the same of the picture behind it.
        spec: the composition.
    """
    if spec.background != "picture":
        return photo
    parts = {part for part in (photo, backdrop) if part is not None}
    if any(part.generated for part in parts):
        return SourceType.COMPOSITE_GENERATED
    if parts & _SYNTHETIC:
        return SourceType.COMPOSITE_SYNTHETIC
    return SourceType.COMPOSITE if parts or spec.state_composite else None
