"""The mix the cutout network learns from: real photos, and composites with exact edges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.datasets import Item, Split, grocery_scenes, street_scenes
from packshot.runtime.preprocessing import resize
from packshot.training.data.augment import augment, to_tensors
from packshot.training.data.compositing import (
    Layer,
    crop_to_subject,
    draw_ground_alike,
    draw_product,
    erase_subject,
    paste,
)
from packshot.training.data.grounds import Grounds, pick
from packshot.values import Alpha, Rgb

__all__ = ["Composer", "CutoutMix", "FixedSet", "shrink", "studio_composites", "training_composer"]

Pair = tuple[Rgb, Alpha]


class Composer:
    """Draws composites from the foregrounds and backgrounds of one split.

    Args:
        items: labelled pictures of the split.
        streets: street photos with person masks.
        scenes: photos whose texture fills drawn products, and whose colours, blurred, make grounds.
    """

    def __init__(self, items: Sequence[Item], *, streets: Sequence[Item], scenes: Sequence[Path]) -> None:
        self.items = [i for i in items if i.source != "studio"]
        self.studio = [i for i in items if i.source == "studio"]
        rooms = [i for i in items if i.source == "clothing"]
        self.grounds = Grounds(rooms=rooms, streets=streets, scenes=scenes)

    def __call__(self, rng: np.random.Generator) -> Pair:
        """One composite: uint8 (h, w, 3) and float32 (h, w)."""
        layer = self._layer(rng)
        alike = rng.random() < 0.12
        ground, has_rival = (draw_ground_alike(rng, layer), False) if alike else self.grounds.draw(rng)
        # A rival subject stays background only when the product clearly lies in front of it.
        share = (0.6, 0.98) if has_rival else (0.3, 0.97)
        picture, alpha = paste(rng, layer, ground, share=share)
        if not has_rival and rng.random() < 0.12:
            picture, alpha = paste(rng, self._layer(rng), picture, share=(0.25, 0.6), beneath=alpha)
        return picture, alpha

    def _layer(self, rng: np.random.Generator) -> Layer:
        draw = rng.random()
        if draw < 0.2:
            return draw_product(rng, self.grounds.scene(rng))
        item = pick(rng, self.studio if (draw < 0.5 and self.studio) or not self.items else self.items)
        layer = crop_to_subject(Layer(*item.pair()))
        if item.source == "ccp":  # hand labels are loose by a pixel: keep the old background out of the edge
            tight = cv2.erode(layer.alpha, np.ones((3, 3), np.uint8))
            layer = Layer(layer.rgb, np.asarray(cv2.GaussianBlur(tight, (3, 3), 0), np.float32))
        if rng.random() < 0.35 and item.source in {"studio", "clothing"}:
            turns = int(rng.integers(4))
            layer = Layer(np.rot90(layer.rgb, turns).copy(), np.rot90(layer.alpha, turns).copy())
        gain = rng.uniform(0.7, 1.25) * rng.uniform(0.92, 1.08, 3)
        return Layer(np.clip(layer.rgb * gain, 0, 255).astype(np.uint8), layer.alpha)


class CutoutMix(Dataset[tuple[Tensor, Tensor]]):
    """A fresh random draw of `length` samples each epoch, reproducible from `seed` and `epoch`.

    Args:
        items: labelled training pictures.
        composer: draws the composites.
        shares: how often each source is drawn; ``composite`` names the composites.
        size: side of the square samples in pixels.
        length: samples in an epoch.
        seed: of the run.
        epoch: of the run; the next epoch draws others.
    """

    def __init__(
        self,
        items: Sequence[Item],
        composer: Composer,
        *,
        shares: dict[str, float],
        size: int,
        length: int,
        seed: int,
        epoch: int,
    ) -> None:
        self.by_source = {name: [i for i in items if i.source == name] for name in shares}
        self.composer = composer
        present = {n: s for n, s in shares.items() if n == "composite" or self.by_source[n]}
        total = sum(present.values())
        self.names = list(present)
        self.shares = [share / total for share in present.values()]
        self.size, self.length, self.seed, self.epoch = size, length, seed, epoch

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        name = self.names[int(rng.choice(len(self.names), p=self.shares))]
        if name == "composite":
            rgb, alpha = self.composer(rng)
        else:
            item = pick(rng, self.by_source[name])
            rgb, alpha = item.pair()
        rgb, alpha = shrink(rgb, alpha, side=round(1.5 * self.size))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**31)))
            return to_tensors(*augment(rgb, alpha, size=self.size))


class FixedSet(Dataset[tuple[Tensor, Tensor, str]]):
    """Pictures as they are, squashed to the network's input: for validation.

    Args:
        pairs: callables that give (rgb, alpha), with the name of their set.
        size: side of the square samples in pixels.
    """

    def __init__(self, items: Sequence[Item], composites: Sequence[Pair], *, size: int) -> None:
        self.items, self.composites, self.size = list(items), list(composites), size

    def __len__(self) -> int:
        return len(self.items) + len(self.composites)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, str]:
        if index < len(self.items):
            item = self.items[index]
            (rgb, alpha), name = item.pair(), item.source
        else:
            rgb, alpha = self.composites[index - len(self.items)]
            name = "composite"
        size = (self.size, self.size)
        return (*to_tensors(resize(rgb, size=size), resize(alpha, size=size)), name)


def studio_composites(
    root: Path, items: Sequence[Item], split: Split, *, each: int = 3, keep_person: bool = False
) -> list[Pair]:
    """Studio products of a split on street photos of the same split; the same pictures every time.

    Args:
        root: ``PACKSHOT_DATA``.
        items: all labelled pictures.
        split: whose products and streets.
        each: composites for one product.
        keep_person: leave the person of the street photo in the background.
    """
    products = [i for i in items if i.source == "studio" and i.split is split]
    streets = street_scenes(root, split)
    rng = np.random.default_rng(20_261_121)
    pairs = []
    for product in products:
        layer = crop_to_subject(Layer(*product.pair()))
        for _ in range(each):
            street = pick(rng, streets)
            ground = street.rgb() if keep_person else erase_subject(*street.pair())
            pairs.append(paste(rng, layer, ground, share=(0.5, 0.9)))
    return pairs


def training_composer(root: Path, items: Sequence[Item], split: Split) -> Composer:
    """The composer over everything of one split under `root`."""
    mine = [i for i in items if i.split is split]
    return Composer(mine, streets=street_scenes(root, split), scenes=grocery_scenes(root, split))


def shrink(rgb: Rgb, alpha: Alpha, *, side: int) -> Pair:
    """Large pictures to about `side` pixels before they are changed: what a step costs then follows its own size."""
    height, width = alpha.shape
    scale = side / max(height, width)
    if scale >= 0.9:
        return rgb, alpha
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return resize(rgb, size=size), resize(alpha, size=size)
