"""The stage that finds a frame around a photo and removes it where that is sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packshot.errors import UsageError
from packshot.frame.finder import frame_finder, frame_fingerprint
from packshot.frame.removal import crop_to, remove_frame
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Box, Frame, Photo

__all__ = ["FrameStage", "KnownFrame"]


@dataclass(frozen=True, slots=True)
class KnownFrame:
    """What a person said of the frame around a photo.

    Attributes:
        box: the picture inside, in pixels of the upright photo; None: there is no frame.
    """

    box: Box | None


class FrameStage(Stage):
    """Finds and removes frames; see `packshot.frame.frame_finder`.

    Args:
        settings: the network or method, and how it runs.

    Attributes:
        find: photo to frame.

    Raises:
        ModelError: the network cannot be used.
    """

    name = "frame"
    revision = 2

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.find = frame_finder(settings.frame_model, settings)

    def __call__(self, photo: Photo) -> tuple[Frame, Photo]:
        """What surrounds the photo, and the picture without it: the photo itself where nothing was cut off."""
        frame = self.find(photo)
        return frame, remove_frame(photo, frame)

    def known(self, photo: Photo, known: KnownFrame) -> tuple[Frame, Photo]:
        """What a person said of the frame, and the picture without it.

        Raises:
            UsageError: its box reaches out of the photo.
        """
        whole = Box(0, 0, photo.width, photo.height)
        box = known.box or whole
        if box.x1 > photo.width or box.y1 > photo.height:
            raise UsageError(
                f"{photo.source}: a frame around {box.as_tuple()}, the photo has {photo.width} x {photo.height} pixels",
                remedy="take that decision back with `packshot review undo`, and give the box in the photo's pixels",
            )
        frame = Frame(framed=box != whole, score=float(box != whole), inner_box=box)
        return frame, crop_to(photo, box)

    def settings(self) -> Mapping[str, object]:
        """The network."""
        return {"model": frame_fingerprint(self._settings.frame_model, self._settings)}
