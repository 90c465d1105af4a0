"""Pictures with and without overlays in pairs, each a function of a seed and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.counting import counted
from packshot.errors import UsageError
from packshot.training.drawing.delivery import Delivery, draw_delivery
from packshot.training.drawing.photos import Photos, pick
from packshot.training.drawing.scenes import SceneKind, draw_scene
from packshot.training.drawing.settings import SETTINGS, check_settings
from packshot.training.overlay.drawing.hand import Hand
from packshot.training.overlay.drawing.marks import draw_mark
from packshot.training.overlay.drawing.products import draw_packaging, draw_printed_photo
from packshot.training.overlay.drawing.sample import OverlayKind, OverlaySample
from packshot.training.overlay.drawing.sheet import Sheet
from packshot.values import Rgb

__all__ = ["PACKAGING", "PRINTED_PHOTO", "OverlayGenerator"]

PACKAGING, PRINTED_PHOTO = "packaging", "printed-photo"

_SCENES: dict[str, float] = {
    SceneKind.PHOTO: 0.24,
    PRINTED_PHOTO: 0.08,
    SceneKind.WHITE_MARGIN: 0.16,
    SceneKind.STUDIO: 0.1,
    PACKAGING: 0.26,
    SceneKind.RECTANGLE: 0.06,
    SceneKind.PRINT: 0.02,
    SceneKind.SHELF: 0.03,
    SceneKind.FLOOR: 0.03,
    SceneKind.DARK_SIDE: 0.02,
}
_KINDS: dict[OverlayKind, float] = {
    OverlayKind.TEXT: 5,
    OverlayKind.LOGO: 5,
    OverlayKind.PLATE: 3,
    OverlayKind.BADGE: 3,
    OverlayKind.WATERMARK: 4,
    OverlayKind.ADDRESS: 4,
    OverlayKind.MEASURE: 2,
    OverlayKind.LIST: 2,
}
_COUNTS = (0.55, 0.25, 0.12, 0.08)  # chance of one overlay, two, three, four
_SEEN = 9  # levels by which an overlay must differ from what it covers: less is not seen
_LEAST = 12  # pixels of an overlay: fewer are none
_LONG = (224, 416)  # pixels of the longer side: more than the network sees costs time and teaches nothing
_ASPECTS = (1.0, 1.0, 1.0, 4 / 3, 3 / 4, 2 / 3)


@dataclass(frozen=True, slots=True, eq=False)
class OverlayGenerator:
    """Draws samples: an even place has no overlay, the odd one after it is the same picture with some.

    The two of a pair share photo, scene, size, scaling and compression: nothing but the overlays tells them apart.
    Print on packages is set in the same fonts and marks as overlays are, so that letters alone tell nothing. The last
    scene is kept, for the other of its pair: ask in order.

    Args:
        photos: files or pictures to draw from; other ones for validation than for training.
        fonts: to write with; training takes every other one, validation those between.
        seed: with the place, all a sample depends on.
        settings: ``train`` or ``validation``.

    Raises:
        UsageError: no photos, fewer than two fonts, or unknown settings.
    """

    photos: Photos
    fonts: Sequence[Path]
    seed: int = 0
    settings: str = "train"
    _scenes: dict[int, _Scene] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not len(self.photos):
            raise UsageError("no photos to draw overlays on", remedy="give at least one file or picture")
        if len(self.fonts) < 2:
            raise UsageError(f"{counted(len(self.fonts), 'font')} to write with", remedy="give at least two")
        check_settings(self.settings)

    def __call__(self, index: int) -> OverlaySample:
        """The sample at a place.

        Args:
            index: 0 or more; there is no end.

        Raises:
            UsageError: a photo cannot be read.
        """
        pair, overlaid = divmod(index, 2)
        scene = self._scenes.get(pair)
        if scene is None:
            self._scenes.clear()
            scene = self._scenes[pair] = self._draw_scene(pair)
        rgb = scene.rgb
        kinds: tuple[OverlayKind, ...] = ()
        mask: NDArray[np.bool_] = np.zeros(rgb.shape[:2], bool)
        if overlaid:
            rng = np.random.default_rng([self.seed, pair, SETTINGS[self.settings].variant, 1])
            rgb, mask, kinds = self._overlaid(rng, rgb)
        arrived = scene.delivery.picture(rgb)
        size = arrived.shape[1], arrived.shape[0]
        mask = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) >= 0.5
        return OverlaySample(arrived, mask, kinds, scene.kind)

    def _draw_scene(self, pair: int) -> _Scene:
        settings = SETTINGS[self.settings]
        rng = np.random.default_rng([self.seed, pair, settings.variant])
        delivery = draw_delivery(rng, settings)
        kind = str(rng.choice(list(_SCENES), p=list(_SCENES.values())))
        size, photo = _draw_size(rng), pick(rng, self.photos)
        if kind in {PACKAGING, PRINTED_PHOTO}:
            draw = draw_packaging if kind == PACKAGING else draw_printed_photo
            return _Scene(draw(self._hand(rng, photo), size, photo), kind, delivery)
        return _Scene(draw_scene(rng, SceneKind(kind), size, photo, settings), kind, delivery)

    def _overlaid(self, rng: np.random.Generator, rgb: Rgb) -> tuple[Rgb, NDArray[np.bool_], tuple[OverlayKind, ...]]:
        hand, names = self._hand(rng, rgb), list(_KINDS)
        weights = np.array(list(_KINDS.values())) / sum(_KINDS.values())
        count = 1 + int(rng.choice(len(_COUNTS), p=_COUNTS))
        kinds = tuple(names[int(rng.choice(len(names), p=weights))] for _ in range(count))
        sheet = Sheet((rgb.shape[1], rgb.shape[0]))
        for kind in kinds:
            draw_mark(hand, kind, sheet)
        over = sheet.over(rgb)
        changed = cv2.absdiff(over, rgb).max(axis=2)
        seen = cv2.dilate((changed >= _SEEN).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        mask = sheet.mask & seen
        return (over, mask, kinds) if mask.sum() >= _LEAST else (rgb, np.zeros_like(mask), ())

    def _hand(self, rng: np.random.Generator, rgb: Rgb) -> Hand:
        settings = SETTINGS[self.settings]
        below = rgb[::4, ::4].reshape(-1, 3).mean(axis=0).astype(np.float32)
        # Sellers use every hue: here fonts and photos alone tell training from validation.
        return Hand(rng, self.fonts[settings.variant :: 2], replace(settings, hue=(0.0, 1.0)), below)


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What both of a pair show, and how it arrives."""

    rgb: Rgb
    kind: str
    delivery: Delivery


def _draw_size(rng: np.random.Generator) -> tuple[int, int]:
    long = np.exp(rng.uniform(np.log(_LONG[0]), np.log(_LONG[1])))
    aspect = float(rng.choice(_ASPECTS)) * rng.uniform(0.97, 1.03)
    width, height = (long, long / aspect) if aspect >= 1 else (long * aspect, long)
    return round(width), round(height)
