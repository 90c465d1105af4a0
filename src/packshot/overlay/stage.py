"""The stage that finds what was laid over a picture."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.overlay.finder import overlay_finder, overlay_fingerprint
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Mask, Overlays, Photo

__all__ = ["OverlayStage"]


class OverlayStage(Stage):
    """Finds text, logos, badges and watermarks over a picture; see `packshot.overlay.overlay_finder`.

    Args:
        settings: the network, and how it runs.

    Raises:
        ModelError: the network cannot be used.
    """

    name = "overlay"
    revision = 1

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.find = overlay_finder(settings.overlay_model, settings)

    def __call__(self, picture: Photo, mask: Mask) -> Overlays | None:
        """What was laid over the picture, and how much of it lies on the product; None where nobody looks."""
        return None if self.find is None else self.find(picture, mask.alpha)

    def settings(self) -> Mapping[str, object]:
        """The network and its threshold."""
        return overlay_fingerprint(self._settings.overlay_model, self._settings)
