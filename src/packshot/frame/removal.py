"""Cutting a frame off, where it is sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from packshot.values import Box, Frame, Photo

__all__ = ["can_remove", "crop_to", "remove_frame"]

_SURE = 0.9  # of the score
_DEEPEST = 0.26  # of the side: sellers' bands end before it, and products begin
_REMAINS = 0.3  # of the picture's area, at least


def can_remove(frame: Frame, size: tuple[int, int]) -> bool:
    """Whether a frame is sure enough, and small enough, to be cut off without a person's look.

    Args:
        frame: what the detection said.
        size: (width, height) of the photo, pixels.

    Returns:
        False where there is no frame, its score is below 0.9, it takes more than 26 % of a side, or less than 30 % of
        the area would remain.
    """
    width, height = size
    box = frame.inner_box
    if not frame.framed or frame.score < _SURE or box.x1 > width or box.y1 > height or box.size == size:
        return False
    deepest = max(box.x0 / width, box.y0 / height, 1 - box.x1 / width, 1 - box.y1 / height)
    return deepest <= _DEEPEST and box.area >= _REMAINS * width * height


def remove_frame(photo: Photo, frame: Frame) -> Photo:
    """Crop a photo to what its frame surrounds.

    Args:
        photo: the photo the frame was found in.
        frame: what the detection said.

    Returns:
        The cropped photo, under the same source and hash; the photo itself if there is no frame, or none that is sure
        enough.
    """
    if not can_remove(frame, (photo.width, photo.height)):
        return photo
    return crop_to(photo, frame.inner_box)


def crop_to(photo: Photo, box: Box) -> Photo:
    """The part of a photo within a box, under the same source and hash; the photo itself where the box is all of it."""
    if box.as_tuple() == (0, 0, photo.width, photo.height):
        return photo
    part = box.slices
    alpha = None if photo.alpha is None else np.ascontiguousarray(photo.alpha[part])
    return replace(photo, rgb=np.ascontiguousarray(photo.rgb[part]), alpha=alpha)
