"""The values that travel between stages: frozen, validated on construction.

Conventions (also in ``docs/conventions.md``): pictures are RGB uint8 ``(h, w, 3)``; alpha is float32 0..1
``(h, w)``; boxes are ``(x0, y0, x1, y1)`` in pixels, end-exclusive; every score and uncertainty is in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Alpha",
    "Box",
    "Cutout",
    "Findings",
    "Frame",
    "Grey",
    "Mask",
    "Packshot",
    "Photo",
    "Rgb",
    "Rgba",
    "RuleResult",
]

Rgb = NDArray[np.uint8]
Rgba = NDArray[np.uint8]
Grey = NDArray[np.uint8]
Alpha = NDArray[np.float32]


def _check(name: str, array: NDArray[Any], *, dtype: type, channels: int | None) -> None:
    expected = f"{np.dtype(dtype).name} (h, w)" if channels is None else f"{np.dtype(dtype).name} (h, w, {channels})"
    ok = (
        isinstance(array, np.ndarray)
        and array.dtype == dtype
        and array.ndim == (2 if channels is None else 3)
        and (channels is None or array.shape[2] == channels)
        and min(array.shape[:2]) > 0
    )
    if not ok:
        came = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{name}: expected {expected} with at least one pixel, got {came}")


def _check_fraction(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name}: expected a number in 0..1, got {value!r}")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, end-exclusive: it covers columns ``x0..x1-1`` and rows ``y0..y1-1``.

    Example:
        >>> Box(10, 20, 30, 60).size
        (20, 40)
        >>> Box(0, 0, 10, 10).iou(Box(5, 0, 15, 10))
        0.3333333333333333
    """

    x0: int
    y0: int
    x1: int
    y1: int

    def __post_init__(self) -> None:
        if not (0 <= self.x0 < self.x1 and 0 <= self.y0 < self.y1):
            raise ValueError(f"Box: expected 0 <= x0 < x1 and 0 <= y0 < y1, got {self.as_tuple()}")

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    @property
    def size(self) -> tuple[int, int]:
        """``(width, height)`` in pixels."""
        return self.width, self.height

    @property
    def area(self) -> int:
        """Area in pixels."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """``(rows, columns)``, so that ``picture[box.slices]`` is the crop."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def as_tuple(self) -> tuple[int, int, int, int]:
        """``(x0, y0, x1, y1)``, as written to the manifest."""
        return self.x0, self.y0, self.x1, self.y1

    def iou(self, other: Box) -> float:
        """Intersection over union with another box, 0..1."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        shared = max(0, width) * max(0, height)
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright sRGB photo.

    Attributes:
        rgb: uint8 (h, w, 3), sRGB; transparent inputs are laid on white.
        source: the name to show a person: a path, or ``<bytes>``, ``<array>``.
        sha256: of the input bytes (of the pixels for an array); 64 hexadecimal digits.
        format: the container's name as Pillow spells it (``JPEG``, ``HEIF``), or ``ARRAY``.
        alpha: float32 (h, w) in 0..1 if the input had real transparency, else None.
        notes: what the decoder assumed or repaired, in words: a broken colour profile, a further frame left out.
    """

    rgb: Rgb
    source: str
    sha256: str
    format: str
    alpha: Alpha | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("Photo.rgb", self.rgb, dtype=np.uint8, channels=3)
        if self.alpha is not None:
            _check("Photo.alpha", self.alpha, dtype=np.float32, channels=None)
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


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Where the product is.

    Attributes:
        alpha: float32 (h, w) in 0..1, the size of the photo.
        uncertainty: 0 (sure) .. 1 (hopeless); ranks the true error.
        model: the name and hash of what made it, ``cutout@1f2e3d4c`` or ``given-alpha``.
    """

    alpha: Alpha
    uncertainty: float
    model: str

    def __post_init__(self) -> None:
        _check("Mask.alpha", self.alpha, dtype=np.float32, channels=None)
        _check_fraction("Mask.uncertainty", self.uncertainty)

    @property
    def coverage(self) -> float:
        """Mean alpha: the product's share of the photo's area, 0..1."""
        return float(self.alpha.mean())

    def box(self, threshold: float = 0.5) -> Box | None:
        """The smallest box around all pixels with ``alpha >= threshold``; None if there are none."""
        columns = np.flatnonzero((self.alpha >= threshold).any(axis=0))
        rows = np.flatnonzero((self.alpha >= threshold).any(axis=1))
        if columns.size == 0:
            return None
        return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A product without its background.

    Attributes:
        rgba: uint8 (h, w, 4), the size of the photo, straight alpha (colour never multiplied by alpha); edge
            colours are the product's own, without the old background.
        mask: the mask it was cut with.
    """

    rgba: Rgba
    mask: Mask

    def __post_init__(self) -> None:
        _check("Cutout.rgba", self.rgba, dtype=np.uint8, channels=4)


@dataclass(frozen=True, slots=True, eq=False)
class Packshot:
    """A finished picture.

    Attributes:
        pixels: uint8 (h, w, 3), or (h, w, 4) with straight alpha when the background is transparent.
        subject: box of the product on the canvas (alpha >= 0.5), without its shadow.
        data: the encoded file.
        format: of `data`, as Pillow spells it: ``JPEG``, ``PNG``, ``WEBP``, ``AVIF``.
        quality: the encoder quality that was used, None for lossless.
        upscale: how much the product was enlarged; above 1 the picture is softer than the photo.
        alpha: float32 (h, w) in 0..1, the product's coverage of the canvas, without its shadow; None if not kept.
        advice: what could not be done as asked, and what a person should fix, in words.
    """

    pixels: Rgb | Rgba
    subject: Box
    data: bytes
    format: str
    quality: int | None = None
    upscale: float = 1.0
    alpha: Alpha | None = None
    advice: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("Packshot.pixels", self.pixels, dtype=np.uint8, channels=4 if self.pixels.shape[-1] == 4 else 3)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Frame:
    """What frame detection says of a photo.

    Attributes:
        framed: whether a frame, bar or banner surrounds the picture.
        score: 0..1, calibrated probability of a frame.
        inner_box: the picture inside the frame; the whole photo if there is none.
    """

    framed: bool
    score: float
    inner_box: Box

    def __post_init__(self) -> None:
        _check_fraction("Frame.score", self.score)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One marketplace rule, measured.

    Attributes:
        id: the rule's name, ``background-white``.
        ok: whether the picture passes.
        measured: what was measured, ``0.62``, ``[640, 480]`` or ``JPEG``.
        required: what the rule asks for, in words: ``>= 0.85 of the longer side``.
        severity: ``must`` (the marketplace refuses) or ``should`` (it recommends).
    """

    id: str
    ok: bool
    measured: float | int | str | bool | list[int] | None
    required: str
    severity: str = "must"


@dataclass(frozen=True, slots=True)
class Findings:
    """What inspection measured on a picture.

    Attributes:
        width: pixels.
        height: pixels.
        sharpness: 0 (flat) .. 1 (crisp) within the subject.
        exposure: mean luma of the subject, 0 (black) .. 1 (white).
        clipped_highlights: share of the subject's pixels with a blown-out channel, 0..1.
        clipped_shadows: share of the subject's pixels that are black, 0..1.
        background_white: share of background pixels that are exactly 255, 255, 255, 0..1.
        background_luma: mean luma of the background, 0..1.
        fill_side: the subject's longer relative side: max(box w / w, box h / h), 0..1.
        fill_box: share of the picture's area in the subject's box, 0..1.
        fill_area: share of the picture's area the subject covers, 0..1.
        offset: distance of the subject's box centre from the picture's centre, as a fraction of the diagonal.
        touches: the edges the subject touches, of ``left, top, right, bottom``.
        advice: what a person should fix, in words.
    """

    width: int
    height: int
    sharpness: float
    exposure: float
    clipped_highlights: float
    clipped_shadows: float
    background_white: float
    background_luma: float
    fill_side: float
    fill_box: float
    fill_area: float
    offset: float
    touches: tuple[str, ...] = ()
    advice: tuple[str, ...] = field(default=())
