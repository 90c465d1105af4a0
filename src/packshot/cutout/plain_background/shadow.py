"""The shadow that was photographed, as a darkening of the background."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.plain_background.channels import total
from packshot.cutout.plain_background.regions import Regions
from packshot.values import Alpha, AnyArray

__all__ = ["photographed_shadow"]

Floats = NDArray[np.float32]

_FLOOR = 0.02  # what is fainter becomes nothing, so that white stays white away from the product
_LEAST = 0.0005  # of the picture: what is smaller is an edge's own softness
_UNDER = 5  # pixels that the shadow reaches under the product, so that no light shows through soft edges


def photographed_shadow(small: AnyArray, background: Floats, regions: Regions) -> Alpha | None:
    """How much the product darkens the background around it.

    Args:
        small: float32 (h, w, 3) in 0..255, a reduced copy of the photo.
        background: float32 (h, w, 3) in 0..255, the background's colours.
        regions: of the copy.

    Returns:
        float32 (h, w): 0 none .. 1 black, only in parts that touch the product; None if there is no shadow.
    """
    if np.count_nonzero(regions.shadow) < max(12, _LEAST * regions.shadow.size):
        return None
    product = (regions.product | regions.asked).view(np.uint8)
    reach = cv2.dilate(product, np.ones((7, 7), np.uint8)) > 0
    count, labels = cv2.connectedComponents(regions.shadow.view(np.uint8), connectivity=8)
    touches = np.bincount(labels[reach], minlength=count) > 0
    touches[0] = False
    cast = np.asarray(touches[labels])
    if np.count_nonzero(cast) < max(12, _LEAST * cast.size):
        return None
    dark = 1 - total(small) / np.maximum(total(background), 1)
    dark = np.where(cast, np.clip((dark - _FLOOR) / (1 - _FLOOR), 0, 1), 0).astype(np.float32)
    window = np.ones((3, 3), np.uint8)
    for _ in range(_UNDER):
        dark = np.where(cast, dark, np.where(reach, cv2.dilate(dark, window), 0))
        cast = cast | (reach & (dark > 0))
    return np.asarray(cv2.blur(dark, (3, 3)), np.float32)
