"""Backgrounds of composites: drawn ones, rooms and streets with their subject erased, blurred scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import Item, read_rgb
from packshot.runtime.preprocessing import resize
from packshot.training.data.compositing import draw_background, erase_subject
from packshot.values import Alpha, Rgb

__all__ = ["Background", "Backgrounds", "pick"]


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What a product is laid on.

    Attributes:
        rgb: uint8 (h, w, 3).
        person: float32 (h, w), where a person stands in it; None without one.
    """

    rgb: Rgb
    person: Alpha | None


class Backgrounds:
    """Draws backgrounds.

    Args:
        rooms: photos with masks, of a single product each.
        streets: street photos with person masks.
        scenes: photos whose colours, blurred, make backgrounds.
    """

    def __init__(self, *, rooms: Sequence[Item], streets: Sequence[Item], scenes: Sequence[Path]) -> None:
        self.rooms, self.streets, self.scenes = list(rooms), list(streets), list(scenes)

    def draw(self, rng: np.random.Generator, shape: tuple[int, int]) -> Background:
        """Any background, (height, width) in pixels; one in ten has a person standing in it."""
        draw = rng.random()
        if draw < 0.28:
            return Background(draw_background(rng, (shape[1], shape[0])), None)
        if draw < 0.56 and self.rooms:
            return Background(_cover(rng, _emptied(pick(rng, self.rooms)), shape)[0], None)
        if draw < 0.72 and (self.rooms or self.streets):
            return Background(self._floor_and_wall(rng, shape), None)
        if draw < 0.82 or not self.streets:
            # A sharp shop scene shows products, and products are not background.
            return Background(_cover(rng, _blurred(self.scene(rng), rng.uniform(6, 20)), shape)[0], None)
        street = pick(rng, self.streets)
        if draw < 0.92:
            return Background(*_cover(rng, street.rgb(), shape, street.alpha()))
        return Background(_cover(rng, _emptied(street), shape)[0], None)

    def empty(self, rng: np.random.Generator) -> Rgb:
        """A background on which nothing is: drawn, or a room without its product. uint8 (h, w, 3)."""
        if self.rooms and rng.random() < 0.6:
            return _emptied(pick(rng, self.rooms))
        return draw_background(rng, (int(rng.integers(200, 400)), int(rng.integers(200, 400))))

    def scene(self, rng: np.random.Generator) -> Rgb:
        """A shop scene, sometimes blurred; a drawn background where there are none. uint8 (h, w, 3)."""
        if not self.scenes:
            return draw_background(rng, (320, 320))
        scene = read_rgb(self.scenes[int(rng.integers(len(self.scenes)))])
        return _blurred(scene, rng.uniform(1, 8)) if rng.random() < 0.4 else scene

    def _floor_and_wall(self, rng: np.random.Generator, shape: tuple[int, int]) -> Rgb:
        """Two textures, each a small piece of an emptied photo, that meet in a line as a floor and a wall do."""
        height, width = shape
        wall, floor = (self._texture(rng, shape) for _ in range(2))
        line = rng.uniform(0.25, 0.85) * height + np.linspace(-1, 1, width) * rng.normal(0, 0.05) * height
        below = np.arange(height)[:, None] - line[None]
        share = np.clip(below / rng.uniform(1, 4) + 0.5, 0, 1)[..., None]
        return np.asarray(wall * (1 - share) + floor * share, np.uint8)

    def _texture(self, rng: np.random.Generator, shape: tuple[int, int]) -> Rgb:
        photo = _emptied(pick(rng, self.rooms or self.streets))
        side = max(16, round(min(photo.shape[:2]) * rng.uniform(0.2, 0.5)))
        y, x = (int(rng.integers(0, photo.shape[k] - side + 1)) for k in (0, 1))
        return resize(np.ascontiguousarray(photo[y : y + side, x : x + side]), size=(shape[1], shape[0]))


def pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    """One of the items."""
    return items[int(rng.integers(len(items)))]


def _emptied(item: Item) -> Rgb:
    return erase_subject(*item.pair())


def _cover(
    rng: np.random.Generator, rgb: Rgb, shape: tuple[int, int], alpha: Alpha | None = None
) -> tuple[Rgb, Alpha | None]:
    """A random part of the shape's ratio, at the shape's size."""
    rows, columns = rgb.shape[:2]
    scale = min(columns / shape[1], rows / shape[0]) * rng.uniform(0.6, 1.0)
    high, wide = max(1, int(shape[0] * scale)), max(1, int(shape[1] * scale))
    y, x = int(rng.integers(0, rows - high + 1)), int(rng.integers(0, columns - wide + 1))
    size = (shape[1], shape[0])
    part = resize(np.ascontiguousarray(rgb[y : y + high, x : x + wide]), size=size)
    if alpha is None:
        return part, None
    return part, resize(np.ascontiguousarray(alpha[y : y + high, x : x + wide]), size=size)


def _blurred(rgb: Rgb, sigma: float) -> Rgb:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)
