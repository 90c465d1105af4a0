"""The stage that says what is in a picture."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.description.finder import describer, describer_fingerprint
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Description, Mask, Photo

__all__ = ["DescriptionStage"]


class DescriptionStage(Stage):
    """Describes; see `packshot.description.Describer`.

    Args:
        settings: the network, and how sure it must be.

    Attributes:
        describe: what describes pictures; None where that is switched off.

    Raises:
        ModelError: the network cannot be used.
        UsageError: the network has no thresholds for the precision asked for.
    """

    name = "description"
    revision = 4

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.describe = describer(settings.describe_model, settings)

    def __call__(self, picture: Photo, mask: Mask) -> Description | None:
        """What is in the picture, where, and how sure; None where description is switched off."""
        return None if self.describe is None else self.describe(picture.rgb, mask)

    def settings(self) -> Mapping[str, object]:
        """The network with its card, and the precision."""
        return {"model": describer_fingerprint(self._settings.describe_model, self._settings)}
