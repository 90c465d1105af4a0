"""A region of the product hidden, beside a control: as much hidden elsewhere on the product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packshot.errors import UsageError
from packshot.explaining.interventions import Intervention, Subject
from packshot.explanation import blurred
from packshot.values import Alpha, Rgb

__all__ = ["Region"]

_TRIES = 50  # places looked at for the control


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the product, in shares of its own box: a logo on the chest is ``(0.55, 0.2, 0.75, 0.35)``.

    Attributes:
        name: as it is shown.
        box: (left, top, right, bottom) in 0..1 of the product's box.

    Raises:
        UsageError: the box is empty or leaves the product's.
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

    def intervention(self) -> Intervention:
        """The region hidden; its control hides a patch of equal size elsewhere on the product."""
        return Intervention(f"hidden {self.name}", self._hide, control=self._hide_elsewhere)

    def _hide(self, subject: Subject) -> Rgb:
        return _hidden(subject.rgb, self._pixels(subject.alpha))

    def _hide_elsewhere(self, subject: Subject) -> Rgb:
        x0, y0, x1, y1 = self._pixels(subject.alpha)
        height, width = subject.alpha.shape
        wide, high = x1 - x0, y1 - y0
        rng = np.random.default_rng(subject.seed)
        best, most = (0, 0), -1.0
        for _ in range(_TRIES):
            x, y = int(rng.integers(0, max(1, width - wide + 1))), int(rng.integers(0, max(1, height - high + 1)))
            apart = max(0, min(x1, x + wide) - max(x0, x)) * max(0, min(y1, y + high) - max(y0, y)) == 0
            inside = float(subject.alpha[y : y + high, x : x + wide].mean()) + apart
            if inside > most:
                best, most = (x, y), inside
        x, y = best
        return _hidden(subject.rgb, (x, y, x + wide, y + high))

    def _pixels(self, alpha: Alpha) -> tuple[int, int, int, int]:
        ys, xs = np.nonzero(alpha > 0.5)
        if not ys.size:
            ys, xs = np.array([0, alpha.shape[0] - 1]), np.array([0, alpha.shape[1] - 1])
        left, top, wide, high = int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
        x0, y0 = left + round(self.box[0] * wide), top + round(self.box[1] * high)
        x1, y1 = left + round(self.box[2] * wide), top + round(self.box[3] * high)
        return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _hidden(rgb: Rgb, box: tuple[int, int, int, int]) -> Rgb:
    """A patch filled with the photo's own blurred colours."""
    x0, y0, x1, y1 = box
    picture = rgb.copy()
    picture[y0:y1, x0:x1] = blurred(rgb)[y0:y1, x0:x1]
    return picture
