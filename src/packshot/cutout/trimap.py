"""Where a mask is settled and where a matte has to be found: product, background, and the unknown band between."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha

__all__ = ["trimap"]

#: Alpha from which a pixel is settled product; 1 - it, background.
_SETTLED = 0.95
_CRISP = 3  # a soft edge narrower than this many pixels is as soft as a camera draws a hard one


def trimap(alpha: Alpha, *, uncertainty: float, least: float = 0.003, per_doubt: float = 0.05) -> NDArray[np.uint8]:
    """Mark the band in which a matte is to be found.

    A pixel is undecided where 0.05 < alpha < 0.95, and counts where the undecided stretch around it is at least three
    pixels wide: narrower edges are crisp already and are left as they are. What counts is widened on every side by

        ``reach = max(1, round(sqrt(w h) * min(0.02, least + per_doubt * uncertainty)))`` pixels,

    so the band is as wide as the mask itself is undecided there, plus two reaches, which grow with the picture's size
    and with the doubt about the whole mask.

    Args:
        alpha: float32 (h, w) in 0..1.
        uncertainty: of the mask, 0..1.
        least: reach of a sure mask, as a share of the geometric mean side.
        per_doubt: what an uncertainty of 1 adds to that share; they are limited to 0.02 together.

    Returns:
        uint8 (h, w): 0 background, 128 unknown, 255 product. No 128 at all: every edge is crisp.

    Example:
        >>> row = np.array([0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1], np.float32)
        >>> trimap(np.tile(row, (9, 1)), uncertainty=0.0)[4].tolist()
        [0, 0, 128, 128, 128, 128, 128, 128, 255, 255]
    """
    undecided = ((alpha > 1 - _SETTLED) & (alpha < _SETTLED)).astype(np.uint8)
    wide = cv2.morphologyEx(undecided, cv2.MORPH_OPEN, np.ones((_CRISP, _CRISP), np.uint8), borderValue=0)
    share = min(0.02, least + per_doubt * uncertainty)
    reach = max(1, round(math.sqrt(alpha.shape[0] * alpha.shape[1]) * share))
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    band = cv2.dilate(wide, window).astype(bool)
    marked = np.where(alpha >= 0.5, np.uint8(255), np.uint8(0))
    marked[band] = 128
    return marked
