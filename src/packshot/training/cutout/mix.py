"""The mix the cut-out network learns from: real photos, and composed scenes with exact edges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from packshot.datasets import Item, Split, grocery_scenes, street_scenes
from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise, resize
from packshot.training.cutout.geometry import random_map, warp
from packshot.training.cutout.scene import Scenes
from packshot.training.cutout.shapes import SHAPE_NAMES, shape_of, shapes_for
from packshot.training.cutout.target import ONCE, Target, read_target
from packshot.training.data.augment import PHOTOMETRY, compress, to_tensors
from packshot.training.data.backgrounds import Backgrounds, pick
from packshot.training.data.compositing import Layer, crop_to_subject, erase_subject, paste
from packshot.values import Alpha, Rgb

__all__ = ["CutoutMix", "FixedSet", "studio_composites", "training_scenes"]

Pair = tuple[Rgb, Alpha]
Sample = tuple[Tensor, Tensor, Tensor]


class CutoutMix(Dataset[tuple[Tensor, ...]]):
    """A fresh random draw of `length` samples each epoch, reproducible from `seed` and `epoch`.

    All samples of a batch have one shape: a square, or one of two rectangles of about its area.

    Args:
        items: labelled training pictures.
        scenes: draws the composites.
        shares: how often each source is drawn; ``composite`` names the composites.
        size: side of the square samples in pixels.
        length: samples in an epoch.
        batch: samples of one shape in a row.
        seed: of the run.
        epoch: of the run; the next epoch draws others.
    """

    def __init__(
        self,
        items: Sequence[Item],
        scenes: Scenes,
        *,
        shares: dict[str, float],
        size: int,
        length: int,
        batch: int,
        seed: int,
        epoch: int,
    ) -> None:
        self.by_source = {name: _by_kind([i for i in items if i.source == name]) for name in shares}
        self.scenes = scenes
        present = {n: s for n, s in shares.items() if n == "composite" or self.by_source[n]}
        total = sum(present.values())
        self.names = list(present)
        self.shares = [share / total for share in present.values()]
        self.shapes = shapes_for(size)
        self.length, self.batch, self.seed, self.epoch = length, batch, seed, epoch

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Sample:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        which = int(np.random.default_rng((self.seed, self.epoch, index // self.batch, 1)).integers(len(self.shapes)))
        shape = self.shapes[which]
        name = self.names[int(rng.choice(len(self.names), p=self.shares))]
        if name == "composite":
            rgb, target = self.scenes.draw(rng, shape)
            if rng.random() < 0.5:
                rgb, target = np.ascontiguousarray(rgb[:, ::-1]), _mirrored(target)
        else:
            rgb, target = self._photo(rng, name, SHAPE_NAMES[which])
            rgb, target = warp(rgb, target, random_map(rng, rgb.shape[:2], shape), shape)
        return _tensors(_relit(rng, rgb), target)

    def _photo(self, rng: np.random.Generator, name: str, wanted: str) -> tuple[Rgb, Target]:
        """A photo of the source; where three draws find one of the sample's own shape, such a one."""
        kinds = self.by_source[name]
        for attempt in range(3):
            item = pick(rng, kinds[int(rng.integers(len(kinds)))])
            rgb = item.rgb()
            if attempt == 2 or shape_of(rgb.shape) == wanted:
                break
        return rgb, read_target(item, rgb)


class FixedSet(Dataset[tuple[Tensor, Tensor, str]]):
    """Pictures as they are, squashed to the network's input: for validation.

    Args:
        items: with masks.
        composites: pictures with exact alpha.
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
            background = street.rgb() if keep_person else erase_subject(*street.pair())
            pairs.append(paste(rng, layer, background, share=(0.5, 0.9)))
    return pairs


def training_scenes(root: Path, items: Sequence[Item], split: Split) -> Scenes:
    """Scenes of everything of one split under `root`."""
    mine = [i for i in items if i.split is split]
    rooms = [i for i in mine if i.source in {"clothing", "objects"}]
    backgrounds = Backgrounds(rooms=rooms, streets=street_scenes(root, split), scenes=grocery_scenes(root, split))
    return Scenes(mine, backgrounds)


def _by_kind(items: Sequence[Item]) -> list[list[Item]]:
    """The items by label, so that each kind is drawn as often as any other."""
    kinds: dict[str | None, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.label, []).append(item)
    return list(kinds.values())


def _relit(rng: np.random.Generator, rgb: Rgb) -> Rgb:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**31)))
        changed = PHOTOMETRY(torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1))))
    changed = np.ascontiguousarray(changed.numpy().transpose(1, 2, 0))
    return compress(changed, quality=int(rng.integers(25, 96))) if rng.random() < 0.2 else changed


def _mirrored(target: Target) -> Target:
    return Target(np.ascontiguousarray(target.values[:, ::-1]), np.ascontiguousarray(target.weights[:, ::-1]))


def _tensors(rgb: Rgb, target: Target) -> Sample:
    """Picture float (3, h, w) as in serving; values 0..1 and weights, float (4, h, w)."""
    image = torch.from_numpy(normalise(rgb, mean=IMAGENET_MEAN, std=IMAGENET_STD))
    values, weights = (
        torch.from_numpy(np.ascontiguousarray(p.transpose(2, 0, 1))) for p in (target.values, target.weights)
    )
    return image, values.float() / 255, weights.float() / ONCE
