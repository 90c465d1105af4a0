"""Which cases the report shows: the worst, and a sample nobody picked. Pictures are kept of these alone."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.scoring import LabelledPhoto, MaskScore
from packshot.values import Alpha
from packshot.web.evaluation_report.pictures import difference, shrink, webp_uri

__all__ = ["Case", "Gallery"]

_SIDE = 320  # pixels of a thumbnail's longer side: sharp on a phone, about 10 kB


@dataclass(frozen=True, slots=True)
class Case:
    """One photo with its truth and its prediction, ready for the template.

    Attributes:
        score: its figures.
        photo: data address of the photo.
        truth: data address of the product as the truth has it, on transparent background.
        difference: data address of the photo with missed and extra parts in colour.
        missed: share of the true product that the prediction left out, 0..1.
        extra: share of the prediction that is no product, 0..1.
    """

    score: MaskScore
    photo: str
    truth: str
    difference: str
    missed: float
    extra: float

    @property
    def words(self) -> str:
        """What went wrong, in plain words."""
        if self.missed == 1 and self.extra == 0:
            return "Found nothing"
        faults = []
        if self.missed >= 0.005:
            faults.append(f"misses {100 * self.missed:.0f} % of the product")
        if self.extra >= 0.005:
            faults.append(f"{100 * self.extra:.0f} % of the mask is background")
        return ", ".join(faults).capitalize() or "Nothing to see"


class Gallery:
    """Meets every scored mask once and keeps a fixed number, so that memory does not grow with the data.

    Args:
        worst: how many of the lowest IoU to keep, at least one.
        sample: how many to draw at random; one that is among the worst is not shown twice.
        seed: of the draw.
    """

    def __init__(self, *, worst: int = 24, sample: int = 24, seed: int = 0) -> None:
        self._most_worst, self._most_sampled = worst, sample
        self._rng = np.random.default_rng(seed)
        self._heap: list[tuple[float, int, Case]] = []
        self._sampled: list[tuple[int, Case]] = []
        self._met = 0

    def add(self, photo: LabelledPhoto, alpha: Alpha, score: MaskScore) -> None:
        """Look at one mask.

        Args:
            photo: with its true mask.
            alpha: float32 (h, w), the prediction.
            score: its figures.
        """
        number, self._met = self._met, self._met + 1
        # Reservoir sampling: the k-th photo takes a place with probability sample / k (Vitter 1985, algorithm R).
        place = number if number < self._most_sampled else int(self._rng.integers(number + 1))
        is_bad = len(self._heap) < self._most_worst or -score.iou > self._heap[0][0]
        if not is_bad and place >= self._most_sampled:
            return
        case = _case(photo, alpha, score)
        if is_bad:
            heapq.heappush(self._heap, (-score.iou, -number, case))
            if len(self._heap) > self._most_worst:
                heapq.heappop(self._heap)
        if place < len(self._sampled):
            self._sampled[place] = (number, case)
        elif place < self._most_sampled:
            self._sampled.append((number, case))

    def worst(self) -> list[Case]:
        """The lowest IoU first."""
        return [case for _, _, case in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]

    def sample(self) -> list[Case]:
        """Drawn at random, in the order of the data, without those in `worst`."""
        shown = {-number for _, number, _ in self._heap}
        return [case for number, case in sorted(self._sampled, key=lambda entry: entry[0]) if number not in shown]


def _case(photo: LabelledPhoto, alpha: Alpha, score: MaskScore) -> Case:
    pred, true = alpha >= 0.5, photo.alpha >= 0.5
    rgb, truth, mask = (shrink(pixels, side=_SIDE) for pixels in (photo.rgb, photo.alpha, alpha))
    return Case(
        score=score,
        photo=webp_uri(rgb),
        truth=webp_uri(np.dstack([rgb, truth])),
        difference=webp_uri(difference(rgb, mask, truth)),
        missed=_share(true & ~pred, true),
        extra=_share(pred & ~true, pred),
    )


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum()) / max(1.0, float(whole.sum()))
