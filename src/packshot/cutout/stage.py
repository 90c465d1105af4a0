"""The stage that cuts the product out of a picture."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.cutout.cut import cut_out
from packshot.cutout.segmentation import model_fingerprint, segmenter
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Cutout, Mask, Photo

__all__ = ["CutoutStage"]


class CutoutStage(Stage):
    """Finds the product and cuts it out; see `packshot.cutout.segmenter` and `packshot.cutout.cut_out`.

    Args:
        settings: the network, the matte, and what is cut out.

    Attributes:
        segment: photo to mask.

    Raises:
        ModelError: the network cannot be used.
        UsageError: the matte needs an extra that is not installed.
    """

    name = "cutout"
    revision = 4

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.segment = segmenter(settings.model, settings)

    def __call__(self, picture: Photo) -> tuple[Mask, Cutout]:
        """Where the product is, and the product alone.

        Raises:
            NothingToCutOut: there is no product, or nothing but.
        """
        mask = self.segment(picture)
        return mask, cut_out(picture, mask)

    def settings(self) -> Mapping[str, object]:
        """The network with its card, and everything `Settings` says of the mask."""
        settings = self._settings
        return {
            "model": model_fingerprint(settings.model, settings),
            "matte": settings.matte,
            "subject": settings.subject,
            "several": settings.several,
            "plain_ground": settings.plain_ground,
        }
