"""Whether two aligned pictures differ in what is printed on them: 250 and 500 ml, Mild and Hot.

Such variants are products of their own, and photographed for a catalogue they are the same picture but for a few
letters. Saving again, scaling, cropping and relighting change structure everywhere alike; other words change it in one
place. What a shop lays over a picture does so, too, but there one picture has the ink and the other has not; where
other words stand, each has ink where the other has paper.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.duplicates.fingerprint import Fingerprint
from packshot.duplicates.greys import Floats, Greys, Selection, in_one_light, lay_greys

__all__ = ["print_changed"]

_WINDOW = 13  # pixels of the side of the window in which structure is compared: two letters
_STRUCTURE = 10.0  # levels of 255, standard deviation within a window: less is no print
_ALIKE = 0.7  # correlation from which a window shows the same
_PLACE = 20  # windows next to each other that do not: of copies hardly one does not
_DIFFERENT, _OF_CONTRAST = 20.0, 0.3  # levels, and of the contrast of the place, by which ink and paper differ
_BOTH_WAYS = 0.09  # of what differs: at least so much is ink on one picture, and so much on the other
_LARGE, _BOTH_WAYS_LARGE = 0.012, 0.3  # of the area: where more differs, as under a banner, chance gives more of both
_SAME_INK = 0.65  # of the step from ink to paper: by so much the inks may differ, and the papers
_RIM = 4  # pixels around a place that belong to its paper
_BLURS = (0.8, 1.4, 2.2, 3.2)  # pixels: what a picture may have lost of the other's sharpness
_BETTER = 0.002  # correlation that a stronger blur must win
_FINER = 1.1  # times the side: less is the same look again
_REACH_FINE = 2  # pixels: the way is known to a fraction of a thumbnail's
_BROAD = 25  # pixels: larger shapes say nothing of sharpness


def print_changed(one: Fingerprint, other: Fingerprint, matrix: NDArray[np.float64]) -> bool:
    """Whether one place shows print on both pictures, in the same colours, and not the same print.

    Both are brought to one size and sharpness. In each window of 13 x 13 pixels structure is then compared by its
    correlation, which no change of light alters, the best within a pixel to each side. With the longer side of 288
    pixels; where no place differs at that size, once more as large as both are kept, for small print and single digits.

    Args:
        one: fingerprint of one picture.
        other: fingerprint of the other.
        matrix: float64 (2, 3), from pixels of the first thumbnail to pixels of the other.
    """
    coarse = lay_greys(one, other, matrix, rim=_WINDOW // 2)
    changed = _changed(coarse, reach=1)
    if changed is not None:
        return changed
    fine = lay_greys(one, other, matrix, rim=_WINDOW // 2, fine=True)
    return max(fine.first.shape) > _FINER * max(coarse.first.shape) and bool(_changed(fine, reach=_REACH_FINE))


def _changed(greys: Greys, *, reach: int) -> bool | None:
    """Whether other print stands in the place that differs; None where no place does."""
    first, second, area = greys.first, greys.second, greys.area
    if np.count_nonzero(area) < _WINDOW**2:
        return None
    first, second = _equally_sharp(first, second, area)
    different = _different(first, second, area, reach=0)
    if _largest(different) is None:  # nearly always
        return None
    place = _largest(_different(first, second, area, reach=reach))
    if place is None:
        return None
    around = cv2.dilate(place.astype(np.uint8), np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)) > 0
    first, second = in_one_light(Greys(first, second, area))
    return _swapped(first[around], second[around], int(np.count_nonzero(area)))


def _equally_sharp(first: Floats, second: Floats, area: Selection) -> tuple[Floats, Floats]:
    """Both pictures, the sharper one blurred as far as that makes them more alike."""
    best, before = _fine(first, second, area), (first, second)
    for blurs in ([(blur, 0.0) for blur in _BLURS], [(0.0, blur) for blur in _BLURS]):
        for one_blur, other_blur in blurs:
            now = _blurred(first, one_blur), _blurred(second, other_blur)
            alike = _fine(*now, area)
            if alike <= best + _BETTER:
                break
            best, before = alike, now
    return _blurred(before[0], 0.8), _blurred(before[1], 0.8)


def _blurred(picture: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32) if sigma else picture


def _fine(first: Floats, second: Floats, area: Selection) -> float:
    """Correlation of what is smaller than the broad shapes."""
    one, other = (picture - cv2.blur(picture, (_BROAD, _BROAD)) for picture in (first, second))
    x, y = one[area], other[area]
    return float(x @ y / np.sqrt(float(x @ x) * float(y @ y) + 1))


def _different(first: Floats, second: Floats, area: Selection, *, reach: int) -> Selection:
    """Windows with structure on both pictures that is not the same, however it is moved by `reach` pixels."""
    mean_one, spread_one = _moments(first)
    mean_other, spread_other = _moments(second)
    height, width = first.shape
    alike = np.full(first.shape, -1, np.float32)
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            here = _window(height, down), _window(width, across)
            there = _window(height, -down), _window(width, -across)
            x, y = first[there], second[here]
            product = cv2.blur(np.ascontiguousarray(x * y), (_WINDOW, _WINDOW)) - mean_one[there] * mean_other[here]
            spread = np.sqrt(spread_one[there] * spread_other[here] + 1)
            alike[here] = np.maximum(alike[here], product / spread)
    weaker = np.sqrt(np.minimum(spread_one, spread_other))
    return np.asarray(area & (weaker > _STRUCTURE) & (alike < _ALIKE))


def _window(length: int, shift: int) -> slice[int, int, None]:
    return slice(max(0, shift), length + min(0, shift))


def _moments(picture: Floats) -> tuple[Floats, Floats]:
    mean = np.asarray(cv2.blur(picture, (_WINDOW, _WINDOW)), np.float32)
    square = np.asarray(cv2.blur(picture * picture, (_WINDOW, _WINDOW)), np.float32)
    return mean, np.maximum(square - mean * mean, 0)


def _largest(different: Selection) -> Selection | None:
    """The largest place; None where it is too small to say anything."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(different.astype(np.uint8))
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest) if stats[largest, cv2.CC_STAT_AREA] >= _PLACE else None


def _swapped(first: Floats, second: Floats, area: int) -> bool:
    """Whether ink and paper changed places, in both directions; what was laid over is on one picture alone.

    Args:
        first: levels of the place on one picture.
        second: of the same pixels on the other.
        area: pixels of all that was compared.
    """
    low, high = np.percentile(np.concatenate([first, second]), (2, 98))
    step = max(_DIFFERENT, _OF_CONTRAST * float(high - low))
    brighter, darker = first - second > step, second - first > step
    counts = int(np.count_nonzero(brighter)), int(np.count_nonzero(darker))
    least = _BOTH_WAYS if sum(counts) < _LARGE * area else _BOTH_WAYS_LARGE
    if min(counts) < max(4, least * sum(counts)):
        return False
    papers = float(first[brighter].mean()), float(second[darker].mean())
    inks = float(second[brighter].mean()), float(first[darker].mean())
    contrast = (sum(papers) - sum(inks)) / 2
    return max(abs(papers[0] - papers[1]), abs(inks[0] - inks[1])) <= _SAME_INK * contrast
