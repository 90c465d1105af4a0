"""Where products, garments and persons are in a scene, as the network says it, before anything of it is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from packshot.cutout.maps import find_maps
from packshot.cutout.segmentation import GRABCUT, GRABCUT_BOX
from packshot.runtime import load
from packshot.runtime.preprocessing import resize
from packshot.runtime.task import SEGMENTATION
from packshot.settings import Settings
from packshot.values import Alpha, Mask, Photo

__all__ = ["SceneMaps", "scene_maps"]


@dataclass(frozen=True, slots=True, eq=False)
class SceneMaps:
    """Maps of one photo, each float32 (h, w) in 0..1 of the photo's size; None where no network says.

    Attributes:
        mask: all products, and whoever wears them.
        garment: what is worn, or lies there as a garment.
        person: people with what they wear.
    """

    mask: Mask | None = None
    garment: Alpha | None = None
    person: Alpha | None = None


def scene_maps(settings: Settings) -> Callable[[Photo], SceneMaps]:
    """What maps a scene: the settings' network; GrabCut says nothing of it.

    Raises:
        ModelError: the network cannot be used; see `packshot.runtime.load`.
    """
    if settings.model in {GRABCUT, GRABCUT_BOX}:
        return lambda _: SceneMaps()
    network = load(settings.model, settings, task=SEGMENTATION)

    def find(photo: Photo) -> SceneMaps:
        maps, size = find_maps(photo.rgb, network), (photo.width, photo.height)
        garment, person = (None if each is None else resize(each, size=size) for each in (maps.garment, maps.person))
        mask = Mask(alpha=resize(maps.alpha, size=size), uncertainty=0.0, model=network.id)
        return SceneMaps(mask, garment, person)

    return find
