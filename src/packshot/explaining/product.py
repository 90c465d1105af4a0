"""Where the product is in a photo, if it is found."""

from __future__ import annotations

from collections.abc import Callable

from packshot.errors import NothingToCutOut
from packshot.values import Alpha, Mask, Photo

__all__ = ["product_alpha"]


def product_alpha(mask: Callable[[Photo], Mask], photo: Photo) -> Alpha | None:
    """The mask of the product, float32 (h, w) in 0..1; None in a photo where none is found.

    Args:
        mask: finds it.
        photo: looked at.
    """
    try:
        return mask(photo).alpha
    except NothingToCutOut:
        return None
