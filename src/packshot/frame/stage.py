"""The stage that finds a frame around a photo and removes it where that is sure."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.frame.finder import frame_finder, frame_fingerprint
from packshot.frame.removal import remove_frame
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Frame, Photo

__all__ = ["FrameStage"]


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
    revision = 1

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.find = frame_finder(settings.frame_model, settings)

    def __call__(self, photo: Photo) -> tuple[Frame, Photo]:
        """What surrounds the photo, and the picture without it: the photo itself where nothing was cut off."""
        frame = self.find(photo)
        return frame, remove_frame(photo, frame)

    def settings(self) -> Mapping[str, object]:
        """The network."""
        return {"model": frame_fingerprint(self._settings.frame_model, self._settings)}
