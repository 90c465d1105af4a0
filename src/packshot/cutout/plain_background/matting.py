"""Alpha along the edge of a product on a known background, at the photo's own size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, AnyArray, Rgb

__all__ = ["edge_alpha"]

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_LOW, _HIGH = 0.06, 0.94  # alpha beyond is settled: noise and JPEG ringing
_TOLD = (3.0, 8.0)  # noises between two colours: not to be told apart, told apart for sure
_INWARD, _OUTWARD = 1, 2  # pixels of the reduced copy: width of the band in which alpha is solved


def edge_alpha(rgb: Rgb, small: AnyArray, product: Bools, fallback: Alpha, *, noise: float) -> Alpha:
    """Solve ``colour = alpha product + (1 - alpha) background`` in a band along the product's edge.

    The two colours are those of the nearest pixels inside and outside the band. Outside, that is the background as it
    is there, a shadow included. In sRGB, as composition mixes.

    Args:
        rgb: uint8 (h, w, 3), the photo.
        small: float32 (h', w', 3) in 0..255, its reduced copy.
        product: bool (h', w').
        fallback: float32 (h', w') in 0..1, used where product and background are of one colour.
        noise: of the background, levels.

    Returns:
        float32 (h, w) in 0..1.
    """
    size = rgb.shape[1], rgb.shape[0]
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    marked = product.view(np.uint8)
    inside = np.asarray(cv2.erode(marked, window, iterations=_INWARD), np.uint8)
    outside = np.asarray(1 - cv2.dilate(marked, window, iterations=_OUTWARD), np.uint8)
    colours = small.astype(np.uint8)
    # (h, w): 0 background, 254 product, between them the band
    sure = cv2.resize((inside + (1 - outside)) * np.uint8(127), size, interpolation=cv2.INTER_LINEAR)
    alpha: Alpha = (np.asarray(sure) == 254).astype(np.float32)
    at = np.flatnonzero(cv2.inRange(sure, 1, 253))
    if at.size == 0:
        return alpha
    near, far = (
        cv2.resize(_nearest(colours, part), size, interpolation=cv2.INTER_LINEAR).reshape(-1, 3)[at].astype(np.float32)
        for part in (inside, outside)
    )
    across, offset = near - far, rgb.reshape(-1, 3)[at] - far
    contrast = np.einsum("ij,ij->i", across, across)
    share = np.einsum("ij,ij->i", across, offset) / np.maximum(contrast, 1)
    share = np.clip((share - _LOW) / (_HIGH - _LOW), 0, 1)
    told = np.clip((np.sqrt(contrast) / max(2.0, noise) - _TOLD[0]) / (_TOLD[1] - _TOLD[0]), 0, 1)
    undecided = np.flatnonzero(told < 1)
    if undecided.size:
        other = cv2.resize(fallback, size, interpolation=cv2.INTER_LINEAR).ravel()[at[undecided]]
        share[undecided] += (1 - told[undecided]) * (other - share[undecided])
    alpha.ravel()[at] = share
    return alpha


def _nearest(colours: Rgb, marked: NDArray[np.uint8]) -> Rgb:
    """Near the marked pixels, the colour of the nearest one: uint8 (h, w, 3); elsewhere the pixel's own."""
    places = np.flatnonzero(marked)
    if places.size == 0:
        return colours
    _, labels = cv2.distanceTransformWithLabels(1 - marked, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    order = np.zeros(int(labels.max()) + 1, np.intp)
    order[labels.ravel()[places]] = places
    side = 2 * (_INWARD + _OUTWARD) + 3
    band = np.flatnonzero(cv2.dilate(marked, np.ones((side, side), np.uint8)) - marked)
    spread = colours.copy()
    spread.reshape(-1, 3)[band] = colours.reshape(-1, 3)[order[labels.ravel()[band]]]
    return spread
