"""GrabCut without a network: from a box, or from nothing but the picture's rim."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.matte import levels, upsample
from packshot.cutout.uncertainty import uncertainty
from packshot.resizing import downscale_factor, downscaled
from packshot.values import Alpha, Box, Mask, Photo, Rgb

__all__ = ["grabcut"]

_SIDE = 320  # longest side of the picture that is cut, in pixels
_ITERATIONS = 2
_RIM_INSETS = (0.02, 0.06, 0.12)  # shares of the photo's side outside which everything is taken for background
_BOX_INSETS = (0.0, 0.02, 0.04)  # the same for a box that somebody drew around the product


def grabcut(photo: Photo, *, box: Box | None = None) -> Mask:
    """Cut out what differs from the surroundings of a box (Rother et al. 2004).

    A box is a guess, so three are tried: where they agree the mask is sure, where they do not it is soft,
    and the disagreement is the uncertainty. The same photo always gives the same mask.

    The paper's border matting fits a profile of alpha across the outline; here the share of the three cuts is
    enlarged along the photo's edges (`upsample`), which makes the edge soft as well and costs milliseconds.

    Args:
        photo: to cut.
        box: around the product; without one, boxes inset from the picture's rim.

    Returns:
        A mask of the photo's size, 0 outside the box. Nothing is refused: see `require_subject`.
    """
    small, scale = downscaled(photo.rgb, _SIDE), downscale_factor((photo.width, photo.height), _SIDE)
    around = np.array((0, 0, photo.width, photo.height) if box is None else box.as_tuple())
    insets = _RIM_INSETS if box is None else _BOX_INSETS
    share = np.asarray(np.mean([_cut(small, around * scale, inset=inset) for inset in insets], axis=0), np.float32)
    doubt = uncertainty(share)
    alpha = levels(upsample(share, photo.rgb))
    if box is not None:
        inside = np.zeros_like(alpha)
        inside[box.slices] = alpha[box.slices]
        alpha = inside
    return Mask(alpha=alpha, uncertainty=doubt, model="grabcut")


def _cut(rgb: Rgb, around: NDArray[np.float64], *, inset: float) -> Alpha:
    """One GrabCut: float32 (h, w), 0 or 1."""
    height, width = rgb.shape[:2]
    x0, y0, x1, y1 = around
    dx, dy = (x1 - x0) * inset, (y1 - y0) * inset
    # A rim of one pixel at least stays outside: without background there is nothing to tell apart.
    left, top = max(1, round(x0 + dx)), max(1, round(y0 + dy))
    right, bottom = min(width - 1, round(x1 - dx)), min(height - 1, round(y1 - dy))
    if right - left < 2 or bottom - top < 2 or rgb.std() < 1:
        return np.zeros((height, width), np.float32)
    cv2.setRNGSeed(0)  # its mixture models start from random cluster centres
    mask = np.zeros((height, width), np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, mask, (left, top, right - left, bottom - top), *models, _ITERATIONS, cv2.GC_INIT_WITH_RECT)
    return np.asarray((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), np.float32)
