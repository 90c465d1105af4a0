"""A region of the product hidden, beside a control: as much hidden elsewhere on the product."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.explaining.interventions import Intervention, Subject
from packshot.explanation import blurred
from packshot.values import Alpha, Box, Rgb

__all__ = ["DrawnRegion", "Region"]

_LEAST = 0.1  # of a patch inside the product: with less it hides background
_NEARLY = 0.9  # of what the best patch has of the product: one of these is drawn


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the product, in shares of its own box: a logo on the chest is ``(0.55, 0.2, 0.75, 0.35)``.

    Attributes:
        name: as it is shown.
        box: (left, top, right, bottom) in 0..1 of the product's box.

    Raises:
        UsageError: the box is empty or leaves the product's, or no patch of its size fits beside it.
    """

    name: str
    box: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise UsageError(
                f"region {self.name}: {self.box} is no box within the product's",
                remedy="give left, top, right and bottom in 0..1, for example [0.4, 0.2, 0.6, 0.4]",
            )

        if max(left, 1 - right) < right - left and max(top, 1 - bottom) < bottom - top:
            raise UsageError(
                f"region {self.name}: beside {self.box} no patch of its size is left to compare with",
                remedy="take a part that is at most half as wide or half as high as the product",
            )

    def intervention(self) -> Intervention:
        """The region hidden; its control hides a patch of equal size elsewhere on the product.

        The patch does not touch the region, and has at least half as much of the product in it. Of a photo in which
        there is none, the control is None.
        """
        return Intervention(f"hidden {self.name}", self._hide, control=self._hide_elsewhere)

    def _hide(self, subject: Subject) -> Rgb:
        return _hidden(subject.rgb, self._pixels(subject.alpha))

    def _hide_elsewhere(self, subject: Subject) -> Rgb | None:
        return _hidden_elsewhere(subject, self._pixels(subject.alpha))

    def _pixels(self, alpha: Alpha) -> Box:
        box, (left, top) = _product_box(alpha)
        high, wide = box.shape
        x0, y0 = left + round(self.box[0] * wide), top + round(self.box[1] * high)
        x1, y1 = left + round(self.box[2] * wide), top + round(self.box[3] * high)
        return Box(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


@dataclass(frozen=True, slots=True)
class DrawnRegion:
    """A part that a person drew in each photo: where `Subject.regions` has it.

    Attributes:
        name: as it is shown.
    """

    name: str

    def intervention(self) -> Intervention:
        """As `Region.intervention`; a photo in which nobody drew one has nothing to change."""
        return Intervention(
            f"hidden {self.name}",
            self._hide,
            control=self._hide_elsewhere,
            having=f"have a region {self.name} in the table",
        )

    def _hide(self, subject: Subject) -> Rgb | None:
        box = subject.regions.get(self.name)
        return None if box is None else _hidden(subject.rgb, box)

    def _hide_elsewhere(self, subject: Subject) -> Rgb | None:
        box = subject.regions.get(self.name)
        return None if box is None else _hidden_elsewhere(subject, box)


def _product_box(alpha: Alpha) -> tuple[Alpha, tuple[int, int]]:
    """The mask within the product's box, and the box's left and top; all of a photo in which nothing was found."""
    ys, xs = np.nonzero(alpha > 0.5)
    if not ys.size:
        return np.ones_like(alpha), (0, 0)
    left, top = int(xs.min()), int(ys.min())
    return alpha[top : int(ys.max()) + 1, left : int(xs.max()) + 1], (left, top)


def _shares(alpha: Alpha, size: tuple[int, int]) -> NDArray[np.float64]:
    """What a patch of (width, height) shows of the product, 0..1, by its upper left corner."""
    wide, high = size
    sums = cv2.integral(alpha, sdepth=cv2.CV_64F)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return np.asarray(inside / (wide * high), np.float64)


def _hidden_elsewhere(subject: Subject, region: Box) -> Rgb | None:
    """A patch as large as a region hidden elsewhere on the product; None where there is no room for it."""
    box, (left, top) = _product_box(subject.alpha)
    wide, high = region.size
    if wide > box.shape[1] or high > box.shape[0]:
        return None
    shares, own = _shares(box, region.size), float(subject.alpha[region.slices].mean())
    ys, xs = np.mgrid[top : top + shares.shape[0], left : left + shares.shape[1]]
    apart = (np.abs(xs - region.x0) >= wide) | (np.abs(ys - region.y0) >= high)
    fits = np.where(apart, shares, -1)
    if fits.max() < max(_LEAST, own / 2):
        return None
    places = np.argwhere(fits >= _NEARLY * fits.max())
    y, x = places[np.random.default_rng(subject.seed).integers(len(places))]
    return _hidden(subject.rgb, Box(left + int(x), top + int(y), left + int(x) + wide, top + int(y) + high))


def _hidden(rgb: Rgb, box: Box) -> Rgb:
    """A patch filled with the photo's own blurred colours."""
    picture = rgb.copy()
    picture[box.slices] = blurred(rgb)[box.slices]
    return picture
