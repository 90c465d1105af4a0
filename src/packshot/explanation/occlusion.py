"""Occlusion: what a network's answer loses when a patch of the photo is hidden.

Zeiler and Fergus 2014 (Visualizing and understanding convolutional networks, section 4.2). A patch slides over the
photo; what it hides is blurred rather than grey, for a grey square is a thing of its own to a network.
"""

from __future__ import annotations

import math

import numpy as np

from packshot.explanation.scorer import Heat, Scorer, blurred, small
from packshot.values import Rgb

__all__ = ["occlusion_map"]


def occlusion_map(score: Scorer, rgb: Rgb, *, patches: int = 10, width: float = 4.0) -> Heat:
    """Where hiding a patch lowers the score, and by how much.

    Args:
        score: of a picture of any size.
        rgb: uint8 (h, w, 3).
        patches: places of the patch along the longer side; the time grows with their square.
        width: of a patch, in steps between two places: from 1 on, patches overlap.

    Returns:
        float32 (rows, columns): the mean loss of score over the patches that cover a place; below 0 where hiding helps.
    """
    picture = small(rgb)
    height, wide = picture.shape[:2]
    step = max(height, wide) / patches
    rows, columns = max(1, round(height / step)), max(1, round(wide / step))
    hidden, whole = blurred(picture), score(picture)
    lost, covered = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    reach = width * step / 2
    for row in range(rows):
        for column in range(columns):
            y, x = (row + 0.5) * height / rows, (column + 0.5) * wide / columns
            y0, y1 = round(max(0.0, y - reach)), round(y + reach)
            x0, x1 = round(max(0.0, x - reach)), round(x + reach)
            patched = picture.copy()
            patched[y0:y1, x0:x1] = hidden[y0:y1, x0:x1]
            loss = whole - score(patched)
            top, bottom = _covered(y0 / height, y1 / height, rows)
            left, right = _covered(x0 / wide, x1 / wide, columns)
            lost[top:bottom, left:right] += loss
            covered[top:bottom, left:right] += 1
    return np.asarray(lost / np.maximum(covered, 1), np.float32)


def _covered(low: float, high: float, cells: int) -> tuple[int, int]:
    """The first of the cells whose middle lies within a span of 0..1, and the one after the last."""
    first, last = math.ceil(low * cells - 0.5), math.ceil(high * cells - 0.5)
    return max(0, first), max(first + 1, last)
