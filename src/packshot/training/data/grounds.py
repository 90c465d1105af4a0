"""What products lie on in composites: drawn grounds, rooms and streets with their subject erased, blurred scenes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import Item, read_rgb
from packshot.runtime.preprocessing import resize
from packshot.training.data.compositing import draw_ground, erase_subject
from packshot.values import Rgb

__all__ = ["Grounds", "pick"]


class Grounds:
    """Draws grounds.

    Args:
        rooms: photos with masks, of a single product each.
        streets: street photos with person masks.
        scenes: photos whose colours, blurred, make grounds.
    """

    def __init__(self, *, rooms: Sequence[Item], streets: Sequence[Item], scenes: Sequence[Path]) -> None:
        self.rooms, self.streets, self.scenes = list(rooms), list(streets), list(scenes)

    def draw(self, rng: np.random.Generator) -> tuple[Rgb, bool]:
        """Any ground, and whether a person stands in it: uint8 (h, w, 3)."""
        draw = rng.random()
        size = (int(rng.integers(288, 520)), int(rng.integers(288, 520)))
        if draw < 0.3:
            return draw_ground(rng, size), False
        if draw < 0.5 and self.rooms:
            return erase_subject(*pick(rng, self.rooms).pair()), False
        if draw < 0.56 or not self.streets:
            # A sharp shop scene shows products, and products are not background.
            return resize(_blurred(self.scene(rng), rng.uniform(6, 20)), size=size), False
        street = pick(rng, self.streets)
        if draw < 0.74:
            return street.rgb(), True
        return erase_subject(*street.pair()), False

    def empty(self, rng: np.random.Generator) -> Rgb:
        """A ground on which nothing is: drawn, or a room without its product. uint8 (h, w, 3)."""
        if self.rooms and rng.random() < 0.6:
            return erase_subject(*pick(rng, self.rooms).pair())
        return draw_ground(rng, (int(rng.integers(200, 400)), int(rng.integers(200, 400))))

    def scene(self, rng: np.random.Generator) -> Rgb:
        """A shop scene, sometimes blurred; a drawn ground where there are none. uint8 (h, w, 3)."""
        if not self.scenes:
            return draw_ground(rng, (320, 320))
        scene = read_rgb(self.scenes[int(rng.integers(len(self.scenes)))])
        return _blurred(scene, rng.uniform(1, 8)) if rng.random() < 0.4 else scene


def pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    """One of the items."""
    return items[int(rng.integers(len(items)))]


def _blurred(rgb: Rgb, sigma: float) -> Rgb:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)
