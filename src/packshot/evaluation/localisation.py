"""How well a heatmap shows where a product is, by the accepted protocol for training from image-level labels alone.

Choe, Oh, Lee, Chun, Akata and Shim 2020 (Evaluating weakly supervised object localization methods right), with
MaxBoxAccV2 from their 2020 journal version (arXiv 2007.04178, section 4): heatmaps are enlarged to 224 x 224, stretched
to 0..1 each by itself, and scored by the boxes and by the pixels they find, at the thresholds that are best for the
whole set. Two deviations: boxes are end-exclusive throughout and keep their fractions of a pixel, where the authors'
program counts the last column twice and rounds down; and intervals are added, with the photo as the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.confidence import resampled_interval
from packshot.evaluation.scoring import Figure
from packshot.values import AnyArray, Box, Rgb

__all__ = ["HEATMAP_BASELINES", "Localisation", "LocalisationScore", "mask_boxes"]

#: Heatmaps and masks are compared at this size in pixels, as the protocol has it: every photo counts equally.
SIDE = 224
#: A box is found if its intersection over union with a true one is at least so much.
IOUS = (0.3, 0.5, 0.7)
#: Heatmaps are cut at each of these; the protocol quantises them to 8 bits, so there are no others.
THRESHOLDS = np.arange(255) / 255
#: Steps of the histogram between 0 and 1; one more is for 1 itself.
STEPS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class LocalisationScore:
    """How well heatmaps show where.

    Attributes:
        heatmaps: scored.
        photos: they belong to.
        max_box_accuracy: MaxBoxAccV2, 0..1: `best_accuracy` averaged over the three IoU.
        best_accuracy: share of heatmaps with a right box at the best threshold, for IoU 0.3, 0.5 and 0.7.
        best_threshold: those thresholds, as a share of the heatmap's maximum; the lowest of several.
        box_accuracy: float64 (3, 255), the same share at every threshold k / 255.
        pixel_ap: PxAP, 0..1: average precision over all pixels.
        base_rate: share of pixels that are true, 0..1: the PxAP of a heatmap that says nothing.
    """

    heatmaps: int
    photos: int
    max_box_accuracy: Figure
    best_accuracy: tuple[float, ...]
    best_threshold: tuple[float, ...]
    box_accuracy: NDArray[np.float64]
    pixel_ap: Figure
    base_rate: float


class Localisation:
    """Evaluate heatmaps one at a time; of each photo only counts are kept, 19 kB.

    Example:
        >>> mask = np.zeros((60, 80), bool)
        >>> mask[10:50, 20:60] = True
        >>> evaluator = Localisation()
        >>> evaluator.add(mask.astype(np.float32), mask, photo="a")
        >>> evaluator.score().max_box_accuracy.value, round(evaluator.score().pixel_ap.value, 3)
        (1.0, 1.0)
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._heatmaps: list[int] = []  # of each photo
        self._found: list[NDArray[np.int64]] = []  # (3, 255): heatmaps with a right box
        self._pixels: list[NDArray[np.int64]] = []  # (2, STEPS + 1): false and true pixels by heat

    def add(self, heatmap: AnyArray, mask: AnyArray, *, photo: Hashable, boxes: Sequence[Box] | None = None) -> None:
        """Evaluate the heatmap of one label in one photo.

        Args:
            heatmap: finite numbers of any range (h, w), hotter where the label is; may be as coarse as the network
                gives it. A constant one finds nothing.
            mask: bool or 0..1 (h, w), where the label is, in the photo's pixels; at least one pixel is.
            photo: name of the photo; heatmaps of several labels in one photo are not independent of each other.
            boxes: the true boxes in the photo's pixels; by default `mask_boxes(mask)`. Finding one is enough.

        Raises:
            ValueError: an array is empty, not (h, w) or not finite, or there is nothing to find.
        """
        _check(heatmap, "heatmap")
        _check(mask, "mask")
        truth = mask >= 0.5
        if not truth.any():
            raise ValueError("mask: expected at least one true pixel, got none")
        boxes = mask_boxes(truth) if boxes is None else boxes
        if not boxes:
            raise ValueError("boxes: expected at least one true box, got none")
        height, width = mask.shape
        if any(box.x1 > width or box.y1 > height for box in boxes):
            raise ValueError(f"boxes: expected them within {width} x {height} pixels, got {boxes!r}")
        heat = _stretched(heatmap)
        scale = np.array([SIDE / width, SIDE / height] * 2)
        found = _best_ious(heat, np.array([box.as_tuple() for box in boxes]) * scale) >= np.array(IOUS)[:, None]
        small = cv2.resize(truth.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
        place = (heat * STEPS).astype(np.int64) + (STEPS + 1) * small.astype(np.int64)
        number = self._number(photo)
        self._heatmaps[number] += 1
        self._found[number] += found
        self._pixels[number] += np.bincount(place.ravel(), minlength=2 * (STEPS + 1)).reshape(2, -1)

    def score(self) -> LocalisationScore:
        """The figures of everything added so far.

        The thresholds are fitted to these very photos, as the protocol has it; `box_accuracy` tells what another
        threshold, such as the one that is used or was chosen on validation, would give.
        """
        if not self._heatmaps:
            raise ValueError("localisation: expected at least one heatmap, got none")
        # As floats, which BLAS multiplies many times faster than whole numbers; counts below 2**53 stay exact.
        counts, found, pixels = (np.array(kept, np.float64) for kept in (self._heatmaps, self._found, self._pixels))
        every = np.arange(counts.size)

        def box_accuracy(pick: NDArray[np.int64]) -> NDArray[np.float64]:
            weights = np.bincount(pick, minlength=counts.size).astype(np.float64)
            return np.asarray(np.tensordot(weights, found, 1) / (weights @ counts), np.float64)

        def max_box_accuracy(pick: NDArray[np.int64]) -> float:
            return float(box_accuracy(pick).max(axis=1).mean())

        def pixel_ap(pick: NDArray[np.int64]) -> float:
            return _average_precision(
                np.tensordot(np.bincount(pick, minlength=counts.size).astype(np.float64), pixels, 1)
            )

        accuracy = box_accuracy(every)
        best = accuracy.argmax(axis=1)
        return LocalisationScore(
            heatmaps=int(counts.sum()),
            photos=counts.size,
            max_box_accuracy=Figure(max_box_accuracy(every), *resampled_interval(max_box_accuracy, counts.size)),
            best_accuracy=tuple(accuracy.max(axis=1).tolist()),
            best_threshold=tuple(THRESHOLDS[best].tolist()),
            box_accuracy=accuracy,
            pixel_ap=Figure(pixel_ap(every), *resampled_interval(pixel_ap, counts.size)),
            base_rate=float(pixels[:, 1].sum() / pixels.sum()),
        )

    def _number(self, photo: Hashable) -> int:
        number = self._numbers.setdefault(photo, len(self._numbers))
        if number == len(self._heatmaps):
            self._heatmaps.append(0)
            self._found.append(np.zeros((len(IOUS), THRESHOLDS.size), np.int64))
            self._pixels.append(np.zeros((2, STEPS + 1), np.int64))
        return number


def mask_boxes(mask: AnyArray, *, least: float = 0.1) -> list[Box]:
    """Boxes around the separate parts of a mask, a pair of shoes say, the largest first.

    Args:
        mask: bool or 0..1 (h, w); pixels that touch at a corner belong together.
        least: parts with a smaller share of the mask's pixels are left out: crumbs of an annotation.
    """
    _check(mask, "mask")
    truth = (mask >= 0.5).astype(np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(truth, connectivity=8)
    parts = parts[1:]  # the first is the background
    kept = parts[parts[:, cv2.CC_STAT_AREA] >= least * truth.sum()]
    order = np.argsort(-kept[:, cv2.CC_STAT_AREA], kind="stable")
    return [Box(x, y, x + w, y + h) for x, y, w, h in kept[order, :4].tolist()]


def centre_gaussian(rgb: Rgb) -> NDArray[np.float32]:
    """Baseline: hot in the middle, as wide and high as the photo asks for. Its width does not matter to the protocol.

    Any function that falls from the middle outwards along the same ellipses has the same contours and the same PxAP.
    """
    height, width = rgb.shape[:2]
    y, x = ((np.arange(side) + 0.5) / side - 0.5 for side in (height, width))
    return np.asarray(np.exp(-(y[:, None] ** 2 + x**2) / (2 * 0.25**2)), np.float32)


def centre_box(rgb: Rgb) -> NDArray[np.float32]:
    """Baseline: the middle of the photo, 15 % inset on each side."""
    height, width = rgb.shape[:2]
    heat = np.zeros((height, width), np.float32)
    heat[int(0.15 * height) : int(0.85 * height), int(0.15 * width) : int(0.85 * width)] = 1
    return heat


def random_map(rgb: Rgb) -> NDArray[np.float32]:
    """Baseline: 14 x 14 random numbers, as coarse as a network's map; always the same for the same photo."""
    rng = np.random.default_rng(crc32(rgb.tobytes()))
    return rng.random((14, 14), np.float32)


#: From a photo, uint8 (h, w, 3), to a heatmap; what any method must beat.
HEATMAP_BASELINES: Mapping[str, Callable[[Rgb], NDArray[np.float32]]] = MappingProxyType(
    {"centre gaussian": centre_gaussian, "centre box": centre_box, "random": random_map}
)


def _stretched(heatmap: AnyArray) -> NDArray[np.float64]:
    heat = cv2.resize(heatmap.astype(np.float64), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    low, high = heat.min(), heat.max()
    # Rounding leaves a constant map with a range of its own; stretched, it would look like an answer.
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        return np.zeros_like(heat)
    return np.asarray((heat - low) / (high - low), np.float64)


def _best_ious(heat: NDArray[np.float64], boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Best IoU of any contour's box with any true box, at each threshold: (255,); 0 where there is no contour."""
    levels = (heat * 255).astype(np.uint8)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    best = np.zeros(THRESHOLDS.size)
    for level in range(int(levels.max())):
        # All contours, those of holes too, as the authors' program has it.
        contours, _ = cv2.findContours((levels > level).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        x0, y0, w, h = np.array([cv2.boundingRect(contour) for contour in contours], np.float64).T[..., None]
        across = np.minimum(x0 + w, boxes[:, 2]) - np.maximum(x0, boxes[:, 0])
        down = np.minimum(y0 + h, boxes[:, 3]) - np.maximum(y0, boxes[:, 1])
        shared = np.maximum(across, 0) * np.maximum(down, 0)  # contours x true boxes
        best[level] = (shared / (w * h + areas - shared)).max()
    return best


def _average_precision(pixels: NDArray[np.float64]) -> float:
    """Area under the precision-recall curve of a histogram (2, steps), false above true, as a sum of steps."""
    false, true = np.cumsum(pixels[:, ::-1], axis=1)
    if not true[-1]:  # masks so small that 224 x 224 pixels miss them
        return float("nan")
    precision = true / np.maximum(1, true + false)
    return float(np.sum(np.diff(true, prepend=0) / true[-1] * precision))


def _check(array: AnyArray, name: str) -> None:
    ok = isinstance(array, np.ndarray) and array.ndim == 2 and array.size and array.dtype.kind in "biuf"
    if not ok:
        came = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"{name}: expected numbers (h, w) with at least one pixel, got {came}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got nan or infinity")
