"""Masks as numbers: polygons and run lengths, as annotation tools write them.

Source: COCO's masks (github.com/cocodataset/cocoapi, common/maskApi.c). Runs go down the columns and start with
background. Written as text, every count is cut into groups of five bits, lowest first; a character is 48
plus the group, plus 32 while more groups follow; the last group's highest bit is the sign; from the fourth count on,
the difference to the count two places before is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.datasets.bitmaps import bitmap_mask, bitmap_size
from packshot.errors import UsageError
from packshot.values import Alpha

__all__ = ["Outline", "Polygon", "Region", "Rings", "Runs", "Stamp", "regions_alpha"]


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline.

    Attributes:
        points: x0, y0, x1, y1, ... in pixels; the pixel in the corner covers 0..1 in both directions.
    """

    points: tuple[float, ...]

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Pixels whose centre lies inside, by the even-odd rule.

        Args:
            size: (height, width) in pixels.

        Returns:
            bool (h, w).
        """
        height, width = size
        x0, y0 = np.asarray(self.points, np.float64).reshape(-1, 2).T
        x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
        inside = np.zeros((height, width + 1), np.int32)
        for ax, ay, bx, by in zip(x0, y0, x1, y1, strict=True):
            if ay == by:
                continue
            # The rows whose centres this edge passes, and where it passes them.
            top, bottom = np.clip(np.ceil(np.sort([ay, by]) - 0.5), 0, height).astype(int)
            rows = np.arange(top, bottom)
            crossings = ax + (rows + 0.5 - ay) * (bx - ax) / (by - ay)
            np.add.at(inside, (rows, np.clip(np.ceil(crossings - 0.5), 0, width).astype(int)), 1)
        return np.asarray(np.cumsum(inside, axis=1)[:, :width] % 2 == 1)


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed outline that knows nothing of the photo's size.

    Attributes:
        points: x0, y0, x1, y1, ... as fractions of the photo's width and height.
    """

    points: tuple[float, ...]

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Bool (h, w) of (height, width) in pixels."""
        height, width = size
        across, down = self.points[::2], self.points[1::2]
        scaled = (place for x, y in zip(across, down, strict=True) for place in (x * width, y * height))
        return Polygon(tuple(scaled)).mask(size)


@dataclass(frozen=True, slots=True)
class Runs:
    """Run lengths of background and product in turn, down the columns.

    Attributes:
        size: (height, width) in pixels.
        counts: the lengths in pixels, or their text.
    """

    size: tuple[int, int]
    counts: tuple[int, ...] | str

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """The runs laid out.

        Args:
            size: (height, width) of the photo in pixels.

        Returns:
            bool (h, w).

        Raises:
            ValueError: the runs are for another size, or do not fill it.
        """
        if self.size != size:
            raise ValueError(f"runs for {self.size[1]} x {self.size[0]} pixels, the photo is {size[1]} x {size[0]}")
        counts = _counts_of(self.counts) if isinstance(self.counts, str) else self.counts
        if min(counts, default=0) < 0 or sum(counts) != size[0] * size[1]:
            raise ValueError(f"the runs cover {sum(counts)} pixels, expected {size[0] * size[1]}")
        values = np.arange(len(counts)) % 2 == 1
        return np.repeat(values, counts).reshape(size[1], size[0]).T


@dataclass(frozen=True, slots=True)
class Rings:
    """An outline with holes.

    Attributes:
        exterior: what is filled.
        interior: what is left out of it.
    """

    exterior: Polygon
    interior: tuple[Polygon, ...] = ()

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Bool (h, w) of (height, width) in pixels."""
        found = self.exterior.mask(size)
        for ring in self.interior:
            found &= ~ring.mask(size)
        return found


@dataclass(frozen=True, slots=True)
class Stamp:
    """A small mask laid somewhere on the photo; decoded when it is asked for.

    Attributes:
        origin: (x, y) of its first pixel.
        bitmap: its text; see `packshot.datasets.bitmaps`.
    """

    origin: tuple[int, int]
    bitmap: str

    def mask(self, size: tuple[int, int]) -> NDArray[np.bool_]:
        """Bool (h, w) of (height, width) in pixels.

        Raises:
            ValueError: it reaches out of the photo (found before its pixels are decoded), or is damaged.
        """
        (x, y), (rows, columns) = self.origin, bitmap_size(self.bitmap)
        if x < 0 or y < 0 or y + rows > size[0] or x + columns > size[1]:
            raise ValueError(f"a bitmap of {columns} x {rows} pixels at {x}, {y} on a photo of {size[1]} x {size[0]}")
        found = np.zeros(size, np.bool_)
        found[y : y + rows, x : x + columns] = bitmap_mask(self.bitmap)
        return found


Region = Outline | Polygon | Rings | Runs | Stamp


def regions_alpha(regions: Sequence[Region], size: tuple[int, int], *, name: str) -> Alpha:
    """The union of all regions of a photo.

    Args:
        regions: polygons and runs; none of them is an empty mask.
        size: (height, width) of the photo in pixels.
        name: of the photo, for the message.

    Returns:
        float32 (h, w), 0 or 1.

    Raises:
        UsageError: a region does not fit the photo, or is damaged.
    """
    union = np.zeros(size, np.bool_)
    for region in regions:
        try:
            union |= region.mask(size)
        except ValueError as error:
            raise UsageError(
                f"{name}: its mask does not fit ({error})", remedy="export the annotations anew"
            ) from error
    return union.astype(np.float32)


def _counts_of(text: str) -> list[int]:
    counts: list[int] = []
    value = shift = 0
    for character in text:
        group = ord(character) - 48
        if not 0 <= group < 64:
            raise ValueError(f"the runs' text holds {character!r}")
        value |= (group & 31) << shift
        shift += 5
        if group & 32:
            continue
        if group & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("the runs' text ends within a number")
    return counts
