"""Whether a photo's transparency is a cut-out, or decoration: rounded corners, a clear border, a shadow."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.values import Alpha, Mask, Photo

__all__ = ["GIVEN_ALPHA", "given_mask", "outlines_something"]

#: What names the mask that came with a photo, where a network's name would stand.
GIVEN_ALPHA = "given-alpha"

_CLEAR = 0.01  # of the photo; less is a corner or a stray pixel
_CLEAR_INSIDE = 0.1  # of the photo; so much is a product with a large hole, cropped to its edges
_SOLID = 0.9  # alpha of what is outlined; a layer that is half transparent everywhere outlines nothing
_LEAST_SOLID = 0.001  # of the photo
_FULL = 0.98  # of the cross through the middle of the solid part; the antialiased edge is missing
_SIDE = 512  # it is looked at in this size


def outlines_something(alpha: Alpha) -> bool:
    """Whether alpha follows the outline of something.

    It does not where next to nothing is clear, where next to nothing is solid, where little is clear and none of it at
    the picture's edge (a colour of a palette, holes), or where the solid part is a rectangle with straight sides, its
    corners rounded or not: then the photo itself was framed. A product of that shape that was cut out is found as well
    by looking at the picture, for it stands on white.

    Args:
        alpha: float32 (h, w), 0..1.
    """
    scale = _SIDE / max(alpha.shape)
    small = cv2.resize(alpha, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else alpha
    solid = np.asarray(small) >= _SOLID
    clear = np.asarray(small) < 0.5
    share = float(clear.mean())
    if share < _CLEAR or float(solid.mean()) < _LEAST_SOLID:
        return False
    if share < _CLEAR_INSIDE and not (clear[[0, -1]].any() or clear[:, [0, -1]].any()):
        return False
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    part = solid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = part.shape
    if min(height, width) < 8:
        return True
    # A cross a half as wide as the part: corners may be of any roundness up to a quarter of the sides.
    across = part[height // 4 : height - height // 4]
    down = part[:, width // 4 : width - width // 4]
    return not (float(across.mean()) >= _FULL and float(down.mean()) >= _FULL)


def given_mask(photo: Photo) -> Mask | None:
    """The mask that a photo brings along: its transparency, where that outlines something; else None."""
    if photo.alpha is None or not outlines_something(photo.alpha):
        return None
    return Mask(alpha=photo.alpha, uncertainty=0.0, model=GIVEN_ALPHA)
