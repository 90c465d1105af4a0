"""From a heatmap to boxes: one around each hot part."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Box

__all__ = ["HOT", "hot_boxes"]

#: Of the map's maximum: what is hot (Zhou et al. 2016, section 3.2).
HOT = 0.2
_SPECK = 0.05  # of all that is hot: smaller parts are left out


def hot_boxes(heat: NDArray[np.float32], *, size: tuple[int, int], within: Box, hot: float = HOT) -> tuple[Box, ...]:
    """Boxes around the parts of a heatmap with at least 20 % of its maximum, the largest part first.

    Zhou et al. keep the largest part alone; here all are kept, for a photo may show several products, but for specks:
    parts with less than 5 % of the hot area, and with a lower `hot` those that nowhere reach 20 % of the maximum.

    Args:
        heat: float32 (h, w) in 0..1; parts that touch at a corner belong together.
        size: (width, height) of the photo, in pixels; boxes are rounded outward to them.
        within: boxes are clipped to it: the product's own or the photo's, in its pixels.
        hot: share of the maximum from which on a place is hot, 0..1.

    Returns:
        In the photo's pixels; none for a map without heat.
    """
    greatest = float(heat.max())
    if greatest <= 0:
        return ()
    chosen = (heat >= np.float32(hot * greatest)).astype(np.uint8)
    _, whose, parts, _ = cv2.connectedComponentsWithStats(chosen, connectivity=8)
    least = _SPECK * chosen.sum()
    large = [at for at in range(1, len(parts)) if parts[at, cv2.CC_STAT_AREA] >= least]  # the first is what is not hot
    large = [at for at in large if float(heat[whose == at].max()) >= np.float32(HOT * greatest)]
    order = sorted(large, key=lambda at: -int(parts[at, cv2.CC_STAT_AREA]))
    across, down = size[0] / heat.shape[1], size[1] / heat.shape[0]
    boxes = []
    for x, y, width, height, _ in parts[order].tolist():
        x0, x1 = max(within.x0, math.floor(x * across)), min(within.x1, math.ceil((x + width) * across))
        y0, y1 = max(within.y0, math.floor(y * down)), min(within.y1, math.ceil((y + height) * down))
        if x0 < x1 and y0 < y1:
            boxes.append(Box(x0, y0, x1, y1))
    return tuple(boxes)
