"""What colours say about an outline: a fringe of the background's colour, and background that was taken along."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.edge_colour import foreground_colours
from packshot.values import Alpha, Rgb

__all__ = ["fringe", "ground_inside"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

# Pixels of a picture as small as a network's own: how far from the outline a colour is the product's or the
# background's own, and how wide the rim is on which an eye sees a fringe.
_DEEP, _AWAY, _RIM, _REACH = (4, 12), (3, 10), 2.0, 12
_TOLD_APART = 10.0  # Lab: product and background nearer to each other than this have no fringe to be seen
_WHITE = np.array([100, 128, 128], np.float32)
_BINS = 16  # of each channel of a histogram
_LIKE = -1.0  # log of the chances: so much likelier background than product
_BAND, _AROUND = 0.03, 0.06  # of the diagonal: inside and outside of the outline
_FEWEST = 50  # pixels, to know a colour from


def fringe(alpha: Alpha, rgb: Rgb, inside: Floats, outside: Floats) -> float:
    """How far the finished picture's rim leans towards the background's colour, where it is seen on white.

    Along the outline, the finished colour less the product's own a little further in, projected on the way from there
    to the background's colour; what only lightens towards white is not seen. In hundredths of L (0..1), the mean.

    Args:
        alpha: float32 (h, w) in 0..1.
        rgb: uint8 (h, w, 3), the photo.
        inside: float32 (h, w), pixels from the outline within the product, 0 outside.
        outside: the same for the background.
    """
    rows, columns = np.flatnonzero((alpha > 0).any(axis=1)), np.flatnonzero((alpha > 0).any(axis=0))
    if not rows.size:
        return 0.0
    margin = _AWAY[1] + _REACH + 2
    box = tuple(slice(max(0, int(each[0]) - margin), int(each[-1]) + margin) for each in (rows, columns))
    inside, outside = inside[box], outside[box]
    opacity = np.asarray(np.rint(alpha[box] * 255) / 255, np.float32)
    finished, photo = _lab(foreground_colours(rgb[box], opacity)), _lab(rgb[box])
    own, here = _mean(finished, (inside >= _DEEP[0]) & (inside <= _DEEP[1]), _REACH)
    background, there = _mean(photo, (outside >= _AWAY[0]) & (outside <= _AWAY[1]), _REACH)
    rim = (opacity > 0.3) & (inside <= _RIM) & (outside <= 1) & (here > 0.005) & (there > 0.005)
    places = np.nonzero(rim)
    own, way = own[places], background[places] - own[places]  # (n, 3)
    length = np.linalg.norm(way, axis=1)
    apart = length > _TOLD_APART
    if np.count_nonzero(apart) < 20:
        return 0.0
    places, own, way, length = tuple(each[apart] for each in places), own[apart], way[apart], length[apart]
    change = opacity[places][:, None] * (finished[places] - own)
    lighter = _WHITE - own
    lighter /= np.maximum(np.linalg.norm(lighter, axis=1), 1e-3)[:, None]
    seen = np.zeros_like(finished)
    seen[places] = change - np.maximum(0, (change * lighter).sum(axis=1))[:, None] * lighter
    counted = np.zeros(rim.shape, bool)
    counted[places] = True
    smooth, _ = _mean(seen, counted, 3)
    towards = (smooth[places] * way).sum(axis=1) / length
    return float(np.maximum(0, towards).mean() / 100)


def ground_inside(chosen: Bools, rgb: Rgb, inside: Floats, outside: Floats) -> float:
    """Share of the product's rim that has the background's colours rather than its own, 0..1.

    The rim is 3 % of the diagonal deep. Carpet, a shadow or the background between two legs that were taken along; a
    product of the background's colour, too.

    Args:
        chosen: bool (h, w), the product.
        rgb: uint8 (h, w, 3).
        inside: float32 (h, w), pixels from the outline within the product, 0 outside.
        outside: the same for the background.
    """
    diagonal = float(np.hypot(*chosen.shape))
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), np.uint8)
    around, core = (outside >= 3) & (outside <= _AROUND * diagonal), inside >= 3
    if min(np.count_nonzero(around), np.count_nonzero(core)) <= _FEWEST:
        return 0.3
    product, background = _histogram(lab, core), _histogram(lab, around)
    bins = (lab // (256 // _BINS)).astype(np.intp)
    place = bins[..., 0], bins[..., 1], bins[..., 2]
    likelier = cv2.blur(np.log(product[place] / background[place]), (3, 3))
    like = ((likelier < _LIKE) & chosen).astype(np.uint8)
    like = np.asarray(cv2.morphologyEx(like, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    band = (inside > 0) & (inside <= _BAND * diagonal)
    return int(np.count_nonzero(band & (like > 0))) / max(1, int(np.count_nonzero(band)))


def _lab(rgb: Rgb) -> Floats:
    """L in 0..100, a and b around 128: float32 (h, w, 3)."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= np.float32(100 / 255)
    return lab


def _mean(values: Floats, where: Bools, reach: int) -> tuple[Floats, Floats]:
    """Of the pixels within reach that count, the mean (h, w, 3), and their share (h, w)."""
    side = (2 * reach + 1, 2 * reach + 1)
    counted = where.astype(np.float32)
    share = np.asarray(cv2.blur(counted, side), np.float32)
    total = np.asarray(cv2.blur(values * counted[..., None], side), np.float32)
    return np.asarray(total / np.maximum(share, 1e-6)[..., None], np.float32), share


def _histogram(lab: Rgb, where: Bools) -> Floats:
    """Chances of colours, smoothed over L: float32 (16, 16, 16), above 0."""
    counts = np.asarray(cv2.calcHist([lab], [0, 1, 2], where.astype(np.uint8), [_BINS] * 3, [0, 256] * 3), np.float32)
    padded = np.pad(counts, [(1, 1), (0, 0), (0, 0)], mode="reflect")  # of a colour, light varies most
    smooth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return np.asarray((smooth + 0.02) / (smooth.sum() + 0.02 * smooth.size), np.float32)
