"""The stage that tells several products of one picture, each on its own crop."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.description.finder import describer_fingerprint, required_describer
from packshot.description.scene import things_in_scene
from packshot.settings import Settings
from packshot.stage import Stage
from packshot.values import Alpha, Mask, Photo, Thing

__all__ = ["SceneStage"]


class SceneStage(Stage):
    """Tells the products of a scene; see `packshot.description.scene.things_in_scene`.

    A pipeline has it only where settings ask for it. Nothing that can be drawn is told surely by the network that
    ships, so ``tests/test_revisions.py`` does not watch it; its tests do, with a network calculated by hand.

    Args:
        settings: the network, and how sure it must be.

    Attributes:
        describe: what describes pictures.

    Raises:
        ModelError: the network cannot be used.
        UsageError: description is switched off, or the network has no thresholds for the precision asked for.
    """

    name = "scene"
    revision = 1

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.describe = required_describer(settings)

    def __call__(
        self, picture: Photo, garment: Alpha | None, mask: Mask | None, person: Alpha | None
    ) -> tuple[Thing, ...]:
        """The products that are surely told on their own crops; arguments as of `things_in_scene`."""
        return things_in_scene(self.describe, picture.rgb, garment, mask, person)

    def settings(self) -> Mapping[str, object]:
        """The network with its card, and the precision."""
        return {"model": describer_fingerprint(self._settings.describe_model, self._settings)}
