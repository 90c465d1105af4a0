"""An outline that a background's texture drew, evened out."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.levels import levels
from packshot.runtime.preprocessing import resize
from packshot.values import Alpha, Rgb

__all__ = ["without_texture"]

Floats = NDArray[np.float32]

_SURE = (0.1, 0.9)  # alpha: background up to the first, product from the second on
_GRID, _REACH = 0.5, 4  # of the small alpha's sides; half the window's side on that grid
_FEW = 0.01  # of a window, to know colours from
_NOISE = 25.0  # Lab, squared: colours vary by so much on anything
# Squared distance of product's and background's colours over how far they vary: up to the first the outline is evened
# out, from the second on it stays.
_TOLD_APART = (12.0, 30.0)
_EVEN = (0.25, 0.8)  # of the blurred alpha: what becomes 0 and 1, so that the edge is as sharp as before


def without_texture(alpha: Alpha, small: Alpha, rgb: Rgb) -> Alpha:
    """Even out the outline where the background's texture has the product's colours.

    An alpha that follows the photo's colours follows a carpet's too: its dark gaps beside dark trousers become
    bristles. Where the colours on both sides of the outline vary too much to tell the two apart, alpha is blurred by
    a pixel and sharpened again; where they are told apart (hair before a wall) it stays. In a photo larger than the
    network's alpha the blur is the root of how much longer its sides are.

    Args:
        alpha: float32 (h, w) in 0..1, fitted to the photo's colours.
        small: float32 (h', w') in 0..1, the network's, which says what is surely product and background.
        rgb: uint8 (h, w, 3), the photo.

    Returns:
        float32 (h, w) in 0..1; `alpha` itself where nothing is to be evened out.
    """
    x, y, width, height = cv2.boundingRect(((alpha > 0) & (alpha < 1)).view(np.uint8))
    if not width:
        return alpha
    sigma = max(1.0, math.sqrt(math.sqrt(alpha.size / small.size)))
    pad = math.ceil(3 * sigma)
    box = slice(max(0, y - pad), y + height + pad), slice(max(0, x - pad), x + width + pad)
    even = resize(_not_told_apart(small, rgb), size=(alpha.shape[1], alpha.shape[0]))[box]
    if not even.any():
        return alpha
    smooth = levels(np.asarray(cv2.GaussianBlur(alpha[box], (0, 0), sigma), np.float32), low=_EVEN[0], high=_EVEN[1])
    result = alpha.copy()
    result[box] += even * (smooth - alpha[box])
    return result


def _not_told_apart(small: Alpha, rgb: Rgb) -> Floats:
    """How far colours around each place fail to tell product and background apart: float32 (h', w') in 0..1."""
    size = max(1, round(small.shape[1] * _GRID)), max(1, round(small.shape[0] * _GRID))
    sure = resize(small, size=size)
    # Single pixels, not means: a mean has no texture.
    picture = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    own, own_varies, of_product = _statistics(lab, sure > _SURE[1])
    other, other_varies, of_background = _statistics(lab, sure < _SURE[0])
    way = own - other
    square = way * way
    total = square.sum(axis=-1)
    along = square / np.maximum(total, 1e-6)[..., None]
    spread = ((own_varies + other_varies) * along).sum(axis=-1)
    ratio = total / (spread + _NOISE)
    fails = np.clip((_TOLD_APART[1] - ratio) / (_TOLD_APART[1] - _TOLD_APART[0]), 0, 1)
    fails[np.minimum(of_product, of_background) < _FEW] = 0
    return np.asarray(cv2.blur(fails.astype(np.float32), (3, 3)), np.float32)


def _statistics(lab: Floats, counts: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of the colours around each place, (h, w, 3) each, and the share (h, w) they are known from."""
    side = (2 * _REACH + 1, 2 * _REACH + 1)
    counted = counts.astype(np.float32)
    masked = lab * counted[..., None]
    share = np.asarray(cv2.blur(counted, side), np.float32)
    inverse = (1 / np.maximum(share, 1e-6))[..., None]
    mean = cv2.blur(masked, side) * inverse
    varies = cv2.blur(masked * masked, side) * inverse - mean * mean
    return np.asarray(mean, np.float32), np.asarray(np.maximum(varies, 0), np.float32), share
