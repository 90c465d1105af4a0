"""The shadow under a product, drawn or photographed: it makes the product stand on its ground instead of floating."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.resizing import downscale_factor, downscaled
from packshot.values import Alpha, Box

__all__ = ["contact_shadow", "laid_shadow"]

_WORK_SIDE = 320  # a blurred thing needs no more pixels
_FLOOR = 0.006  # what is fainter becomes nothing, so that white stays white away from the product


def contact_shadow(alpha: Alpha, box: Box, *, strength: float) -> Alpha:
    """Draw the shadow of a product that stands on a plane, lit from above and all around.

    Each column of the picture casts at its own lowest product pixel, the more the nearer that is to the
    ground line (the bottom of the box): seen from above, a hind leg meets the ground higher up. A narrow
    dark core where they meet and a wide faint pool around it are summed. It is an impression of ambient
    occlusion, not a simulation: the product's depth is not known.

    Args:
        alpha: float32 (h, w) in 0..1, the product's coverage of the canvas.
        box: the product's box on the canvas.
        strength: 0 (none) .. 1 (the core is black).

    Returns:
        float32 (h, w) in 0..1: how much the ground is darkened; exactly 0 away from the product.
    """
    height, width = alpha.shape
    if strength <= 0:
        return np.zeros((height, width), np.float32)
    factor = downscale_factor(box.size, _WORK_SIDE)
    product = downscaled(alpha[box.slices], _WORK_SIDE)
    high, wide = product.shape
    reach = max(wide, 0.5 * high)  # the scale of the blur: broad things cast broad shadows
    pad = int(0.25 * reach) + 2
    core = _cast(product, pad, nearness=0.05 * high + 0.5, spread=(0.012 * reach, 0.006 * reach))
    pool = _cast(product, pad, nearness=0.12 * high + 0.5, spread=(0.06 * reach, 0.024 * reach))
    small = strength * (0.65 * core + 0.35 * pool)
    small = np.clip((small - _FLOOR) / (1 - _FLOOR), 0, 1)
    return _paste(np.asarray(small, np.float32), pad / factor, box, height, width)


def laid_shadow(shadow: Alpha, subject: Box, box: Box, *, width: int, height: int) -> Alpha:
    """Lay a photographed shadow on the canvas, moved and scaled as the product is.

    Args:
        shadow: float32 (h, w) in 0..1, the photo's size.
        subject: the product's box in the photo.
        box: the product's box on the canvas.
        width: of the canvas, pixels.
        height: of the canvas, pixels.

    Returns:
        float32 (height, width) in 0..1: how much the ground is darkened.
    """
    scale_x, scale_y = box.width / subject.width, box.height / subject.height
    # Pixel centres: x' + 0.5 = (x + 0.5 - subject.x0) * scale + box.x0
    move = np.array(
        [
            [scale_x, 0, box.x0 - 0.5 + (0.5 - subject.x0) * scale_x],
            [0, scale_y, box.y0 - 0.5 + (0.5 - subject.y0) * scale_y],
        ]
    )
    if scale_x < 1:  # no aliasing: a shadow is soft, a slight blur is not seen
        shadow = np.asarray(cv2.GaussianBlur(shadow, (0, 0), 0.5 / scale_x), np.float32)
    laid = cv2.warpAffine(shadow, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(laid, np.float32)


def _cast(product: Alpha, pad: int, *, nearness: float, spread: tuple[float, float]) -> Alpha:
    """One layer: the columns' feet, weighted by nearness to the ground line, blurred."""
    high, wide = product.shape
    solid = product[::-1] >= 0.5
    lift = np.argmax(solid, axis=0)  # of each column's lowest product pixel above the ground line
    weights = np.where(solid.any(axis=0), np.exp(-lift / nearness), 0.0).astype(np.float32)
    sigma_x, sigma_y = (max(0.6, sigma) for sigma in spread)
    rows = np.arange(high + 2 * pad)[:, None]
    # (h + 2 pad, w + 2 pad): a band as thick as the blur, at each column's own foot
    near = np.abs(rows + 0.5 - (pad + high - lift)) <= max(1.0, sigma_y)
    layer = np.zeros((high + 2 * pad, wide + 2 * pad), np.float32)
    layer[:, pad : pad + wide] = near * weights
    layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), sigmaX=sigma_x, sigmaY=sigma_y), np.float32)
    peak = float(layer.max())
    return layer * np.float32(weights.max() / peak) if peak > 0 else layer


def _paste(small: Alpha, pad: float, box: Box, height: int, width: int) -> Alpha:
    """Enlarge the shadow to canvas pixels and lay it round the box, cut at the canvas' edges."""
    x0, y0 = round(box.x0 - pad), round(box.y0 - pad)
    wide, high = round(box.width + 2 * pad), round(box.height + 2 * pad)
    large = cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR)
    shadow = np.zeros((height, width), np.float32)
    top, left = max(0, y0), max(0, x0)
    bottom, right = min(height, y0 + high), min(width, x0 + wide)
    shadow[top:bottom, left:right] = large[top - y0 : bottom - y0, left - x0 : right - x0]
    return shadow
