"""Cutting a frame off, where it is sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from packshot.values import Box, Frame, Photo

__all__ = ["Unframed", "can_remove", "crop_to", "frame_row", "remove_frame", "unframe"]

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


@dataclass(frozen=True, slots=True, eq=False)
class Unframed:
    """A photo whose frame was looked for, and cut off where that is sure.

    Attributes:
        frame: what detection said.
        picture: without the frame; the photo itself where nothing was cut off.
        removed: whether something was.
    """

    frame: Frame
    picture: Photo
    removed: bool

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {**frame_row(self.frame), "removable": self.removed}

    def words(self) -> str:
        """For a person."""
        if not self.frame.framed:
            return f"no frame ({self.frame.score:.2f})"
        x0, y0, x1, y1 = self.frame.inner_box.as_tuple()
        sure = "" if self.removed else ", not sure enough to cut it off"
        return f"framed ({self.frame.score:.2f}), picture inside {x0},{y0} to {x1},{y1}{sure}"


def unframe(photo: Photo, find: Callable[[Photo], Frame]) -> Unframed:
    """Look for a frame by `find`, and cut it off; see `remove_frame`."""
    frame = find(photo)
    picture = remove_frame(photo, frame)
    return Unframed(frame, picture, picture is not photo)


def frame_row(frame: Frame) -> dict[str, object]:
    """What detection said, as JSON has it."""
    return {"framed": frame.framed, "score": round(frame.score, 6), "inner_box": frame.inner_box.as_tuple()}
