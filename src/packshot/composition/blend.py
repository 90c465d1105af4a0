"""Laying a premultiplied product on its background; rounded once, at the end."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.composition.resample import FULL, Premultiplied
from packshot.values import Alpha, Rgb, Rgba

__all__ = ["cover", "over", "shade", "straighten"]

_STRIP = 64  # rows composited at once: the intermediate floats stay in the processor's cache


def cover(picture: Rgb, width: int, height: int) -> Rgb:
    """Crop a background picture about its centre to the canvas's shape, and scale it to the canvas.

    Cropped first, so that a long thin picture takes no more memory than the canvas does.

    Args:
        picture: uint8 (h, w, 3).
        width: of the canvas, pixels.
        height: of the canvas, pixels.

    Returns:
        uint8 (height, width, 3), a new array.
    """
    old_height, old_width = picture.shape[:2]
    scale = max(width / old_width, height / old_height)
    kept_width, kept_height = (max(1, round(side / scale)) for side in (width, height))
    x, y = (old_width - kept_width) // 2, (old_height - kept_height) // 2
    kept = picture[y : y + kept_height, x : x + kept_width]
    filter_ = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.array(cv2.resize(kept, (width, height), interpolation=filter_), dtype=np.uint8)


def shade(background: Rgb, shadow: Alpha) -> Rgb:
    """Darken a background: uint8 (h, w, 3) times (1 - shadow), shadow float32 (h, w) in 0..1."""
    light = 1.0 - shadow
    return np.asarray(cv2.multiply(background, cv2.merge([light, light, light]), dtype=cv2.CV_8U), np.uint8)


def over(product: Premultiplied, background: Rgb) -> Rgb:
    """Composite `product` over `background` (Porter and Duff 1984, operator *over*), in display (sRGB) values.

    Args:
        product: uint16 (h, w, 4), premultiplied.
        background: uint8 (h, w, 3).

    Returns:
        uint8 (h, w, 3); the background's very values where alpha is 0.
    """
    result = np.empty_like(background)
    for start in range(0, len(background), _STRIP):
        rows = slice(start, start + _STRIP)
        part = product[rows]
        left = np.uint16(FULL) - cv2.extractChannel(part, 3)  # 255 x (1 - alpha)
        through = cv2.multiply(
            cv2.cvtColor(left, cv2.COLOR_GRAY2RGB), background[rows], scale=1 / 255, dtype=cv2.CV_32F
        )
        total = cv2.add(through, cv2.cvtColor(part, cv2.COLOR_RGBA2RGB), dtype=cv2.CV_32F)
        result[rows] = cv2.convertScaleAbs(total, alpha=1 / 255)
    return result


def straighten(product: Premultiplied) -> Rgba:
    """Divide colour by alpha.

    Args:
        product: uint16 (h, w, 4), premultiplied.

    Returns:
        uint8 (h, w, 4), straight, as PNG, WebP and AVIF store it; black where alpha is 0.
    """
    divisor = cv2.cvtColor(cv2.extractChannel(product, 3), cv2.COLOR_GRAY2RGBA)
    divisor[..., 3] = FULL  # alpha becomes alpha / 255
    # OpenCV: an integer divided by 0 is 0
    result = np.asarray(cv2.divide(product, divisor, scale=255, dtype=cv2.CV_8U), np.uint8)
    result[result[..., 3] == 0] = 0
    return result
