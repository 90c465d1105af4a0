"""What is measured on a mask before it is called ready."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.maps import Maps
from packshot.cutout.uncertainty import soft_iou
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha

__all__ = ["Signals", "measure_signals", "smoke_share"]

_NEAR_EDGE = 0.01  # of the diagonal: half-transparent pixels this near an edge are the edge
_PIECE = 0.001  # of the product's area: smaller pieces are not seen


@dataclass(frozen=True, slots=True)
class Signals:
    """Figures of one mask, none of which needs the truth.

    Attributes:
        soft_iou: 1 - the IoU to be expected if the probabilities are right, 0..1.
        expected_error: pixels that the network expects to have wrong, of the product's area.
        worst_blob: the largest connected region of likely error, of the product's area.
        smoke: half-transparent pixels away from any edge, of the product's area.
        pieces: area of all but the largest piece, of the product's area.
        cut_off: share of the photo's border that the product covers, 0..1.
        person: share of the product that may be a person, 0..1; 0 from a network that does not say.
        coverage: share of the photo that is product, 0..1.
        roughness: outline length over that of a disc of the same area, 1 or more.
    """

    soft_iou: float
    expected_error: float
    worst_blob: float
    smoke: float
    pieces: float
    cut_off: float
    person: float
    coverage: float
    roughness: float

    def as_dict(self) -> dict[str, float]:
        """Name to value."""
        return asdict(self)


def measure_signals(maps: Maps, probability: Alpha, alpha: Alpha) -> Signals:
    """Measure a mask.

    Args:
        maps: what the network said.
        probability: float32 (h', w') in 0..1, the product that was chosen of it.
        alpha: float32 (h, w) in 0..1, the finished mask at the photo's size; measured at the network's.
    """
    small = resize(alpha, size=probability.shape[::-1])
    chosen = small >= 0.5
    area = max(1, int(np.count_nonzero(chosen)))
    error = maps.error if maps.error is not None else np.minimum(probability, 1 - probability)
    likely = (error >= 0.3).astype(np.uint8)
    opened = np.asarray(cv2.morphologyEx(likely, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    border = np.concatenate([chosen[0], chosen[-1], chosen[:, 0], chosen[:, -1]])
    contours, _ = cv2.findContours(chosen.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = sum(cv2.arcLength(contour, True) for contour in contours)
    person = 0.0 if maps.person is None else float(np.count_nonzero(chosen & (maps.person >= 0.3)) / area)
    return Signals(
        soft_iou=soft_iou(probability),
        expected_error=min(1.0, float(error.sum()) / area),
        worst_blob=min(1.0, _largest(opened) / area),
        smoke=smoke_share(small),
        pieces=min(1.0, _pieces(chosen, area)),
        cut_off=float(border.mean()),
        person=person,
        coverage=area / chosen.size,
        roughness=float(length / (2 * np.sqrt(np.pi * area))),
    )


def smoke_share(alpha: Alpha) -> float:
    """Half-transparent pixels (0.05..0.95) farther than 1 % of the diagonal from the outline, over the product's area.

    Args:
        alpha: float32 (h, w) in 0..1.
    """
    chosen = (alpha >= 0.5).astype(np.uint8)
    radius = max(1, round(_NEAR_EDGE * float(np.hypot(*alpha.shape))))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    far = cv2.dilate(chosen, window) == cv2.erode(chosen, window)
    half = (alpha > 0.05) & (alpha < 0.95)
    return min(1.0, float(np.count_nonzero(half & far)) / max(1, int(chosen.sum())))


def _largest(mask: NDArray[np.uint8]) -> int:
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return int(stats[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0


def _pieces(chosen: NDArray[np.bool_], area: int) -> float:
    count, _, stats, _ = cv2.connectedComponentsWithStats(chosen.astype(np.uint8), connectivity=8)
    areas = np.sort(stats[1:, cv2.CC_STAT_AREA])[:-1]
    return float(areas[areas >= _PIECE * area].sum() / area) if count > 2 else 0.0
