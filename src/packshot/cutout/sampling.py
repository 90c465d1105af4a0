"""Values of a small field at chosen pixels of a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["sample"]

Floats = NDArray[np.float32]

_FOLD = 1024


def sample(field: Floats, at: tuple[NDArray[np.intp], ...], shape: tuple[int, ...]) -> Floats:
    """Bilinear values of a small field at pixels of a picture of `shape`, without enlarging it all.

    Args:
        field: float32 (h', w', c), of at most four channels.
        at: rows and columns, n of each.
        shape: of the picture.

    Returns:
        float32 (n, c).
    """
    count = at[0].size
    places: list[Floats] = []
    for axis in (1, 0):
        place = ((at[axis] + 0.5) * (field.shape[axis] / shape[axis]) - 0.5).astype(np.float32)
        # OpenCV takes no side above 32,767, so the pixels are folded into rows.
        places.append(np.pad(place, (0, -count % _FOLD)).reshape(-1, _FOLD))
    values = cv2.remap(field, places[0], places[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(values, np.float32).reshape(-1, field.shape[2])[:count]
