"""A product without its background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packshot.values.arrays import Rgba, check_array
from packshot.values.mask import Mask
from packshot.values.source_type import SourceType

__all__ = ["Cutout"]


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A product without its background.

    Attributes:
        rgba: uint8 (h, w, 4), the size of the photo, straight alpha (colour never multiplied by alpha); edge
            colours are the product's own, without the old background.
        mask: the mask it was cut with.
        source_type: how the photo says that it came about; None if it says nothing but a photo.
    """

    rgba: Rgba
    mask: Mask
    source_type: SourceType | None = None

    def __post_init__(self) -> None:
        check_array("Cutout.rgba", self.rgba, dtype=np.uint8, channels=4)
