"""Resizing a picture with transparency, without dark or bright rims."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Rgba

__all__ = ["FULL", "Premultiplied", "premultiply", "resize"]

FULL = 255 * 255
"""Full coverage, and full colour under full coverage, in a premultiplied picture."""

Premultiplied = NDArray[np.uint16]
"""uint16 (h, w, 4): colour x alpha and 255 x alpha, each 0..65025, so that no product is rounded."""


def premultiply(rgba: Rgba) -> Premultiplied:
    """Multiply colour by alpha, exactly.

    Args:
        rgba: uint8 (h, w, 4), straight alpha.
    """
    # The factor's fourth plane is 255: alpha becomes 255 x alpha, as a colour becomes colour x alpha.
    factor = cv2.cvtColor(cv2.extractChannel(rgba, 3), cv2.COLOR_GRAY2RGBA)
    product: Premultiplied = np.multiply(rgba, factor, dtype=np.uint16)
    return product


def resize(picture: Premultiplied, width: int, height: int) -> Premultiplied:
    """Resize a premultiplied picture: area averages down, bicubic up.

    A straight picture must not be resized as it is: colours of invisible pixels would bleed into the rim.

    Args:
        picture: uint16 (h, w, 4), premultiplied.
        width: wanted, pixels.
        height: wanted, pixels.

    Returns:
        uint16 (height, width, 4), premultiplied; no colour exceeds its alpha, however the filter rings.
    """
    old_height, old_width = picture.shape[:2]
    if (old_width, old_height) == (width, height):
        return picture
    shrinks = width <= old_width and height <= old_height
    resized = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    if shrinks:
        return np.asarray(resized, dtype=np.uint16)
    alpha = np.minimum(cv2.extractChannel(resized, 3), np.uint16(FULL))
    most = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGBA)
    most[..., 3] = FULL
    return np.asarray(cv2.min(resized, most), np.uint16)
