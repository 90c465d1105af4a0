"""The photo that came in, upright and in sRGB."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packshot.values.arrays import Alpha, Rgb, check_array
from packshot.values.source_type import SourceType

__all__ = ["Photo"]


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright sRGB photo.

    Attributes:
        rgb: uint8 (h, w, 3), sRGB; transparent inputs are laid on white.
        source: the name to show a person: a path, or ``<bytes>``, ``<array>``.
        sha256: of the input bytes (of the pixels for an array); 64 hexadecimal digits.
        format: the container's name as Pillow spells it (``JPEG``, ``HEIF``), or ``ARRAY``.
        alpha: float32 (h, w) in 0..1 if any pixel of the input was transparent, else None;
            `packshot.photo.outlines_something` tells whether it is a cut-out.
        notes: what the decoder assumed or repaired, in words: a broken colour profile, a further frame left out.
        damage: why part of the picture may be destroyed, in words; None if nothing says so. What is certainly
            destroyed is refused instead.
        source_type: how the file says that the picture came about; None if it says nothing but a photo.
    """

    rgb: Rgb
    source: str
    sha256: str
    format: str
    alpha: Alpha | None = None
    notes: tuple[str, ...] = ()
    damage: str | None = None
    source_type: SourceType | None = None

    def __post_init__(self) -> None:
        check_array("Photo.rgb", self.rgb, dtype=np.uint8, channels=3)
        if self.alpha is not None:
            check_array("Photo.alpha", self.alpha, dtype=np.float32, channels=None)
            if self.alpha.shape != self.rgb.shape[:2]:
                raise ValueError(f"Photo.alpha: expected {self.rgb.shape[:2]}, got {self.alpha.shape}")

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])
