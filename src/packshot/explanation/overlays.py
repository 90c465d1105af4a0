"""Heatmaps and boxes drawn on a photo, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.explanation.sizes import resized
from packshot.values import Box, Product, Rgb

__all__ = ["COLOURS", "draw_heatmap", "draw_marks", "draw_products"]

#: Of heatmaps: from cold to hot, alike for people who see few colours but for ``jet``, which other tools draw by.
COLOURS: Mapping[str, int] = MappingProxyType(
    {
        "inferno": cv2.COLORMAP_INFERNO,
        "viridis": cv2.COLORMAP_VIRIDIS,
        "cividis": cv2.COLORMAP_CIVIDIS,
        "hot": cv2.COLORMAP_HOT,
        "jet": cv2.COLORMAP_JET,
    }
)

_COVER = 0.75  # of the photo, where it is hottest
#: Dark enough for white letters on them: a contrast of at least 4.5 (WCAG 2.2).
_COLOURS = ((0, 92, 169), (176, 0, 32), (0, 110, 60), (122, 40, 150), (140, 80, 0), (0, 105, 120))
_WHITE = (255, 255, 255)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LINE = 300  # pixels of the longer side for each pixel of a line's width
_LETTERS = 0.45  # of OpenCV's font, for each pixel of a line's width: 12 pixels high


def draw_heatmap(rgb: Rgb, heat: NDArray[np.float32], *, colours: str = "inferno", opacity: float = _COVER) -> Rgb:
    """Lay a heatmap over its photo: cold is the photo in grey; by default hot is yellow, and warm is red.

    Args:
        rgb: uint8 (h, w, 3).
        heat: float32 (h', w') in 0..1, of any size; stretched to the photo.
        colours: one of `COLOURS`.
        opacity: of the colours where it is hottest, 0..1; elsewhere less, in proportion.

    Returns:
        uint8 (h, w, 3).
    """
    height, width = rgb.shape[:2]
    large = resized(heat, size=(width, height))
    levels = np.rint(large * 255).astype(np.uint8)
    colour = cv2.cvtColor(cv2.applyColorMap(levels, COLOURS[colours]), cv2.COLOR_BGR2RGB)
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    cover = np.float32(opacity) * large
    return np.asarray(cv2.blendLinear(colour, grey, cover, 1 - cover), np.uint8)


def draw_products(rgb: Rgb, products: Sequence[Product]) -> Rgb:
    """Draw boxes with names and scores, legible on any background: lines edged in white, white letters on colour.

    A name stands at the top of its box, moved down where another name stands already.

    Args:
        rgb: uint8 (h, w, 3).
        products: in the photo's pixels.

    Returns:
        uint8 (h, w, 3).
    """
    picture = rgb.copy()
    line = max(1, round(max(rgb.shape[:2]) / _LINE))
    colours = [_COLOURS[number % len(_COLOURS)] for number in range(len(products))]
    for product, colour in reversed(list(zip(products, colours, strict=True))):  # the first on top
        box = product.box
        corners = (box.x0, box.y0), (box.x1 - 1, box.y1 - 1)
        cv2.rectangle(picture, *corners, _WHITE, 2 * line + 1)
        cv2.rectangle(picture, *corners, colour, line)
    taken: list[Box] = []
    for product, colour in zip(products, colours, strict=True):
        text = f"{product.name} {product.score:.2f}"
        (wide, high), below = cv2.getTextSize(text, _FONT, _LETTERS * line, line)
        plate = _place(product.box, wide + 4 * line, high + below + 3 * line, rgb.shape[:2], taken)
        taken.append(plate)
        cv2.rectangle(picture, (plate.x0, plate.y0), (plate.x1 - 1, plate.y1 - 1), colour, -1)
        start = plate.x0 + 2 * line, plate.y1 - below - line
        cv2.putText(picture, text, start, _FONT, _LETTERS * line, _WHITE, line, cv2.LINE_AA)
    return picture


def draw_marks(rgb: Rgb, marks: Sequence[tuple[str, Box]]) -> Rgb:
    """Draw boxes with a short sign at their upper left corner, such as a number that a list explains.

    Args:
        rgb: uint8 (h, w, 3).
        marks: signs and boxes, in the photo's pixels; the first on top.

    Returns:
        uint8 (h, w, 3).
    """
    picture = rgb.copy()
    line = max(1, round(max(rgb.shape[:2]) / _LINE))
    for _, box in reversed(marks):
        corners = (box.x0, box.y0), (box.x1 - 1, box.y1 - 1)
        cv2.rectangle(picture, *corners, _WHITE, 2 * line + 1)
        cv2.rectangle(picture, *corners, _COLOURS[1], line)
    taken: list[Box] = []
    for sign, box in marks:
        (wide, high), below = cv2.getTextSize(sign, _FONT, _LETTERS * line, line)
        side = max(wide, high) + 4 * line
        plate = _place(box, side, side, rgb.shape[:2], taken)
        taken.append(plate)
        middle = (plate.x0 + plate.x1) // 2, (plate.y0 + plate.y1) // 2
        cv2.rectangle(picture, (plate.x0, plate.y0), (plate.x1 - 1, plate.y1 - 1), _COLOURS[1], -1)
        start = middle[0] - wide // 2, middle[1] + (high - below // 2) // 2 + below // 4
        cv2.putText(picture, sign, start, _FONT, _LETTERS * line, _WHITE, line, cv2.LINE_AA)
    return picture


def _place(box: Box, wide: int, high: int, shape: tuple[int, ...], taken: Sequence[Box]) -> Box:
    """A plate at the box's upper left corner, within the picture, clear of others as long as there is room."""
    x0 = max(0, min(box.x0, shape[1] - wide))
    y0 = max(0, min(box.y0, shape[0] - high))
    plate = Box(x0, y0, x0 + wide, y0 + high)
    while any(plate.iou(other) > 0 for other in taken) and plate.y1 + high <= shape[0]:
        plate = Box(x0, plate.y0 + high, x0 + wide, plate.y1 + high)
    return plate
