"""The background of a picture: which pixels it is, how white and how bright.

With a mask the background is what the mask leaves. Without one - a finished picture from another tool - it is
estimated: the colour of the picture's rim, and every pixel that hardly differs from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.inspection.quality import Selection, luma
from packshot.subject import Subject, find_subject
from packshot.values import Alpha, AnyArray, Rgb

__all__ = ["GUARD", "MeasuredBackground", "measure_background"]

_DIFFERS = 12  # a channel this far from the background's colour is product; JPEG noise stays below
_ALMOST_WHITE = 250  # what people call white and a colour picker does not

GUARD = 16
"""Pixels: a lossy block that holds an edge rings into the background beside it; a JPEG's with 4:2:0 colour is 16."""


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredBackground:
    """A picture's background, measured.

    Attributes:
        product: bool (h, w), the pixels that are not background.
        subject: the product's box, area and touched edges; None if there is nothing but background.
        white: share of the background's pixels that are exactly 255, 255, 255, 0..1.
        luma: mean luma of the background, 0..1.
        estimated: True if no mask was given.
    """

    product: Selection
    subject: Subject | None
    white: float
    luma: float
    estimated: bool


def measure_background(rgb: Rgb, alpha: Alpha | None = None, *, guard: int = GUARD) -> MeasuredBackground:
    """Tell background from product and measure it.

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w) in 0..1, the product, or None to estimate it. The estimate needs a background
            of one colour and a product that differs from it: of a white product on white it sees the darker
            parts.
        guard: pixels next to the product that are not counted, since lossy files ring there; they are
            counted after all where nothing else is left.
    """
    red, green, blue = cv2.split(rgb)
    darkest = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
    if alpha is not None:
        subject = find_subject(alpha)
        product = alpha > 0.0
        background = _beyond(product, guard)
        white = _share(darkest == 255, among=background)
    else:
        product, subject = _estimate(rgb)
        background = ~product
        white = _estimated_white(darkest, guard)
    mean = float(cv2.mean(luma(rgb), mask=background.view(np.uint8))[0]) / 255 if background.any() else 0.0
    return MeasuredBackground(product=product, subject=subject, white=white, luma=mean, estimated=alpha is None)


def _estimate(rgb: Rgb) -> tuple[Selection, Subject | None]:
    rim = _rim(rgb, 1)
    colour = np.median(rim, axis=0)
    difference = cv2.absdiff(rgb, np.broadcast_to(colour.astype(np.uint8), rgb.shape).copy())
    red, green, blue = cv2.split(difference)
    product = cv2.max(cv2.max(red, green), blue) > _DIFFERS
    # find_subject leaves specks out of the box
    return product, find_subject(product.view(np.uint8) * np.uint8(255))


def _estimated_white(darkest: NDArray[np.uint8], guard: int) -> float:
    """The lower of two shares of exact white: of the rim, and of the almost white area joined to it.

    The rim alone would miss a grey cast in the middle, the area alone a coloured bar at the edge. A product
    that reaches the rim counts against it: without a mask a product cannot be told from a bar.
    """
    height, width = darkest.shape
    almost = darkest >= _ALMOST_WHITE
    padded = np.ones((height + 2, width + 2), np.uint8)
    padded[1:-1, 1:-1] = almost
    cv2.floodFill(padded, None, (0, 0), 2)
    joined = padded[1:-1, 1:-1] == 2
    area = joined & _beyond(~almost, guard)
    if not area.any():
        area = joined
    rim = _rim(darkest, max(1, min(height, width) // 200))
    return min(_share(rim == 255), _share(darkest == 255, among=area))


def _rim(picture: AnyArray, depth: int) -> AnyArray:
    """All pixels at most `depth` from the edge, (n,) or (n, 3)."""
    sides = (picture[:depth], picture[-depth:], picture[:, :depth], picture[:, -depth:])
    return np.concatenate([side.reshape(-1, *picture.shape[2:]) for side in sides])


def _beyond(product: Selection, guard: int) -> Selection:
    """What lies farther than `guard` from the product; what lies outside it if that is nothing."""
    if guard > 0:
        kernel = np.ones((2 * guard + 1, 2 * guard + 1), np.uint8)
        near = cv2.dilate(product.view(np.uint8), kernel).astype(bool)
        if not near.all():
            return ~near
    return ~product


def _share(hits: Selection, *, among: Selection | None = None) -> float:
    """Of all pixels, or of those among which is counted; 0 of none."""
    # Both counted, none selected: to select from twelve megapixels takes ten times as long.
    total = hits.size if among is None else np.count_nonzero(among)
    found = np.count_nonzero(hits if among is None else hits & among)
    return float(found / total) if total else 0.0
