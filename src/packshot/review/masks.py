"""A mask as a reviewer sees it and corrects it."""

from __future__ import annotations

import numpy as np

from packshot.cutout import Strokes, correct_mask, overlay
from packshot.photo import encode
from packshot.review.review import Review
from packshot.values import Alpha, Mask, Photo

__all__ = ["mask_by_strokes", "overlay_png"]


def mask_by_strokes(review: Review, source: str, strokes: Strokes, *, name: str) -> Alpha:
    """The mask that strokes make of the one the run made.

    Args:
        review: the results of the run.
        source: the photo.
        strokes: in pixels of the upright photo; with a box they start from nothing.
        name: of the strokes, for messages.

    Returns:
        float32 (h, w), 0..1, for `Review.correct_mask`.

    Raises:
        UsageError: no such photo, or strokes of another one.
        PhotoError: photo or mask cannot be read.
        NothingToCutOut: nothing is left.
    """

    def first(photo: Photo) -> Mask | None:
        made = review.mask(source)
        return None if made is None else Mask(alpha=made, uncertainty=0.0, model="run")

    return correct_mask(review.photo(source), strokes, first, name=name).alpha


def overlay_png(review: Review, source: str, *, alpha: Alpha | None = None, strokes: Strokes | None = None) -> bytes:
    """A mask on its photo with rulers to draw strokes by, as a PNG file.

    Args:
        review: the results of the run.
        source: the photo.
        alpha: the mask, float32 (h, w); the run's by default, empty where it made none.
        strokes: drawn over it.

    Raises:
        PhotoError: photo or mask cannot be read.
    """
    photo = review.photo(source)
    if alpha is None:
        alpha = review.mask(source)
    shown = np.zeros(photo.rgb.shape[:2], np.float32) if alpha is None else alpha
    return encode(overlay(photo.rgb, shown, strokes=strokes), format="PNG").data
