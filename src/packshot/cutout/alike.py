"""Whether a photo shows a product among others of its kind: a shelf, a crate, a heap."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.maps import Maps
from packshot.values import Rgb

__all__ = ["alike_chance", "alike_figures"]

_STRIP = 0.12  # of a side: how deep a strip along it is
_MIDDLE = 0.4  # of each side: the middle of the photo
_CELLS = 6  # a photo is divided into 6 x 6 of them
_BINS = (6, 12, 12)  # of L, a and b
_LOG_FROM = 1e-3

# Figure -> mean, deviation and weight of a logistic regression; benchmarks/shelves.py fits and prints them.
_FITTED = {
    "third": (0.1838, 0.2300, 0.5042),
    "fullest": (0.2897, 0.2661, 0.6834),
    "doubt": (-4.1538, 1.4871, 2.2345),
    "evenness": (-0.7682, 0.4532, -0.9749),
    "unlike": (0.3944, 0.2307, -1.0616),
    "like": (0.6782, 0.2138, 0.7706),
}
_BIAS = -3.7341


def alike_chance(maps: Maps, rgb: Rgb) -> float:
    """The chance that several alike fill the photo, so that it cannot be told which one is meant, 0..1.

    Args:
        maps: of the photo.
        rgb: uint8 (h', w', 3), the photo at the size of the maps.
    """
    figures = alike_figures(maps, rgb)
    total = _BIAS + sum(w * (figures[name] - mean) / scale for name, (mean, scale, w) in _FITTED.items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def alike_figures(maps: Maps, rgb: Rgb) -> dict[str, float]:
    """What tells a shelf from a single product.

    Products reach over several sides of the photo, the network doubts itself along them, texture is the same all over
    the photo, and the sides have the colours of the middle.

    Args:
        maps: of the photo.
        rgb: uint8 (h', w', 3), the photo at the size of the maps.

    Returns:
        ``third`` and ``fullest``: share of product along the side that has third most and most of it, 0..1; ``doubt``:
        logarithm of the error expected along the sides; ``evenness``: logarithm of how much texture varies over the
        photo; ``unlike`` and ``like``: how alike the colours of the middle are to those of the least and of the most
        similar side, 0..1.
    """
    height, width = rgb.shape[:2]
    sides = _sides(height, width)
    inner = tuple(
        slice(round((0.5 - _MIDDLE / 2) * each), round((0.5 + _MIDDLE / 2) * each)) for each in (height, width)
    )
    product = sorted(float(maps.alpha[a:b, c:d].mean()) for a, b, c, d in sides)
    error = maps.error if maps.error is not None else np.minimum(maps.alpha, 1 - maps.alpha)
    border = np.concatenate([error[a:b, c:d].ravel() for a, b, c, d in sides])
    lab = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), np.uint8)
    middle = _colours(lab[inner])
    shared = [float(np.vdot(middle, _colours(lab[a:b, c:d]))) for a, b, c, d in sides]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    change = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    cells = cv2.resize(change, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
    return {
        "third": product[2],
        "fullest": product[3],
        "doubt": math.log(float(border.mean()) + _LOG_FROM),
        "evenness": math.log(float(cells.std() / max(1e-6, cells.mean())) + _LOG_FROM),
        "unlike": min(shared),
        "like": max(shared),
    }


def _sides(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """The strips along top, bottom, left and right: first row, row after the last, first column, column after it."""
    down, across = max(1, round(_STRIP * height)), max(1, round(_STRIP * width))
    return [
        (0, down, 0, width),
        (height - down, height, 0, width),
        (0, height, 0, across),
        (0, height, width - across, width),
    ]


def _colours(lab: Rgb) -> NDArray[np.float32]:
    """Roots of the shares of colours, so that the product of two is how alike they are (Bhattacharyya), 0..1."""
    where = np.ones(lab.shape[:2], np.uint8)
    counts = np.asarray(
        cv2.calcHist([np.ascontiguousarray(lab)], [0, 1, 2], where, list(_BINS), [0, 256] * 3), np.float32
    )
    smooth = counts + np.float32(0.05)
    return np.asarray(np.sqrt(smooth / smooth.sum()), np.float32)
