"""Framed and unframed pictures in pairs, each a function of a seed and its place."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from packshot.errors import UsageError
from packshot.training.drawing.delivery import Delivery, draw_delivery
from packshot.training.drawing.photos import Photos, pick
from packshot.training.drawing.scenes import SceneKind, draw_scene
from packshot.training.drawing.settings import SETTINGS, GeneratorSettings, check_settings
from packshot.training.frame.drawing.bands import Framed, draw_frame
from packshot.training.frame.drawing.sample import FrameKind, FrameSample, Sides
from packshot.values import Box, Rgb

__all__ = ["FrameGenerator"]

_THINNEST = 2  # pixels of a band or a line as delivered: less does not survive a JPEG
_TRIES = 12  # drawings of a frame, until one can be seen against its picture
_SHARES = {SceneKind.PHOTO: 0.24, SceneKind.WHITE_MARGIN: 0.14, SceneKind.STUDIO: 0.12}
_ASPECTS = (1.0, 1.0, 4 / 3, 3 / 4, 3 / 2, 2 / 3, 16 / 9, 9 / 16)


@dataclass(frozen=True, slots=True, eq=False)
class FrameGenerator:
    """Draws samples: an even place is unframed, the odd one after it the same picture with a frame.

    The two of a pair share photo, scene, size, scaling and compression, so that nothing but the frame tells them
    apart. Where the frame could not be seen (white on white), the framed one shows another scene of the same kind
    or, in the end, a plain photo.

    Args:
        photos: files or pictures to draw from; other ones for validation than for training.
        seed: with the place, all a sample depends on.
        settings: ``train`` or ``validation``.
        rectangles: share of the scenes that show a rectangular product, the negatives that are hardest.

    Raises:
        UsageError: no photos, or unknown settings.
    """

    photos: Photos
    seed: int = 0
    settings: str = "train"
    rectangles: float = 0.12

    def __post_init__(self) -> None:
        if not len(self.photos):
            raise UsageError("no photos to draw frames around", remedy="give at least one file or picture")
        check_settings(self.settings)

    def __call__(self, index: int) -> FrameSample:
        """The sample at a place.

        Args:
            index: 0 or more; there is no end.

        Raises:
            UsageError: a photo cannot be read.
        """
        pair, framed = divmod(index, 2)
        settings = SETTINGS[self.settings]
        rng = np.random.default_rng([self.seed, pair, settings.variant])
        scene = _draw_kind(rng, rectangles=self.rectangles)
        size = _draw_size(rng, settings)
        delivery = draw_delivery(rng, settings)
        frames = list(FrameKind)
        frame = frames[int(rng.integers(len(frames)))]
        if framed:
            return self._framed(pair, frame, scene, size, delivery)
        rgb = delivery.picture(self._scene(pair, 0, scene)(size))
        return FrameSample(rgb, None, scene, Box(0, 0, rgb.shape[1], rgb.shape[0]), Sides())

    def _scene(self, pair: int, attempt: int, scene: SceneKind) -> _Picture:
        return _Picture(self.photos, (self.seed, pair, attempt), scene, SETTINGS[self.settings])

    def _framed(
        self, pair: int, kind: FrameKind, scene: SceneKind, size: tuple[int, int], delivery: Delivery
    ) -> FrameSample:
        settings = SETTINGS[self.settings]
        for attempt in range(_TRIES):
            rng = np.random.default_rng([self.seed, pair, settings.variant, attempt, 1])
            if attempt >= _TRIES - 3:
                scene = SceneKind.PHOTO
            if attempt == _TRIES - 1 and kind in {FrameKind.WHITE, FrameKind.BLACK}:
                kind = FrameKind.WHITE if kind is FrameKind.BLACK else FrameKind.BLACK
            picture = self._scene(pair, attempt // 3, scene)
            other = pick(rng, self.photos)
            drawn: Framed = draw_frame(
                rng, kind, picture, size, photo=other, settings=settings, thinnest=math.ceil(_THINNEST / delivery.scale)
            )
            if drawn.seen:
                break
        box, sides = delivery.box(drawn.inner_box, size), drawn.sides.scaled(*delivery.factors(size))
        return FrameSample(delivery.picture(drawn.rgb), kind, scene, box, sides)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A scene that can be drawn at several sizes, always from the same chance."""

    photos: Photos
    seed: tuple[int, int, int]
    kind: SceneKind
    settings: GeneratorSettings

    def __call__(self, size: tuple[int, int]) -> Rgb:
        rng = np.random.default_rng([*self.seed, self.settings.variant, 0])
        photo = pick(rng, self.photos)
        return draw_scene(rng, self.kind, size, photo, self.settings)


def _draw_kind(rng: np.random.Generator, *, rectangles: float) -> SceneKind:
    kinds = [kind for kind in SceneKind if kind is not SceneKind.RECTANGLE]
    rest = (1 - sum(_SHARES.values())) / (len(kinds) - len(_SHARES))
    shares = [_SHARES.get(kind, rest) * (1 - rectangles) for kind in kinds]
    return [*kinds, SceneKind.RECTANGLE][int(rng.choice(len(kinds) + 1, p=[*shares, rectangles]))]


def _draw_size(rng: np.random.Generator, settings: GeneratorSettings) -> tuple[int, int]:
    low, high = settings.long_side
    long, aspect = np.exp(rng.uniform(np.log(low), np.log(high))), float(rng.choice(_ASPECTS)) * rng.uniform(0.95, 1.05)
    width, height = (long, long / aspect) if aspect >= 1 else (long * aspect, long)
    return round(width), round(height)
