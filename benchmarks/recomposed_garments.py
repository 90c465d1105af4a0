"""Garments as somebody else would have taken them: on another background, in perspective, in another light, cropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torchvision.transforms import v2

from packshot.datasets import Described, Split, public_items
from packshot.pipeline import Pipeline
from packshot.training.data.augment import PHOTOMETRY
from packshot.training.data.backgrounds import Backgrounds
from packshot.training.data.compositing import Layer, crop_to_subject, paste
from packshot.values import Rgb

__all__ = ["recomposed_garments"]

_SHARE = (0.5, 0.98)  # of the background's side that a recomposed garment takes


def recomposed_garments(
    pipeline: Pipeline, root: Path, items: Sequence[Described], *, count: int, others: int
) -> tuple[list[Described], list[Rgb], list[Described]]:
    """Garments of the validation split, each as a new photo, and other garments of the training split.

    Returns:
        At most `count` items of which the pipeline found the product; the new photo of each, uint8 (384, 384, 3); and
        `others` items that nobody asks about. The same each time (seed 0).
    """
    clothing = [item for item in items if item.source == "clothing"]
    asked = [item for item in clothing if item.split is Split.VALIDATION]
    rng = np.random.default_rng(0)
    learnt = [item for item in clothing if item.split is Split.TRAIN]
    far = [learnt[place] for place in rng.permutation(len(learnt))[:others]]
    public = [item for item in public_items(root) if item.split is Split.TRAIN]
    backgrounds = Backgrounds(
        rooms=[item for item in public if item.source == "clothing"],
        streets=[item for item in public if item.source == "ccp"],
        scenes=[],
    )
    recomposed, own = [], []
    for place in rng.permutation(len(asked)):
        cutout = pipeline.run(str(asked[place].photo), until="cutout").cutout
        if cutout is None:
            continue
        alpha = np.asarray(cutout.rgba[..., 3], np.float32) / np.float32(255)
        recomposed.append(_recomposed(Layer(np.ascontiguousarray(cutout.rgba[..., :3]), alpha), backgrounds, rng))
        own.append(asked[place])
        if len(own) == count:
            break
    return own, recomposed, far


def _recomposed(layer: Layer, backgrounds: Backgrounds, rng: np.random.Generator) -> Rgb:
    """A garment in perspective, on another background, in another light, cropped."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**31)))
        turned = crop_to_subject(_in_perspective(crop_to_subject(layer), rng))
        picture, _ = paste(rng, turned, backgrounds.draw(rng, (480, 480)).rgb, share=_SHARE)
        crop = v2.RandomResizedCrop((384, 384), scale=(0.7, 1.0), ratio=(0.8, 1.25), antialias=True)
        changed = v2.Compose([crop, PHOTOMETRY])(torch.from_numpy(picture).permute(2, 0, 1))
    return np.ascontiguousarray(changed.permute(1, 2, 0).numpy())


def _in_perspective(layer: Layer, rng: np.random.Generator) -> Layer:
    """The layer with its corners moved inward by up to a fifth of its sides."""
    height, width = layer.alpha.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)], np.float32)
    moved = corners + inward * rng.uniform(0, 0.2, (4, 2)).astype(np.float32) * np.array([width, height], np.float32)
    way = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    rgb = cv2.warpPerspective(layer.rgb, way, (width, height))
    return Layer(
        np.asarray(rgb, np.uint8), np.asarray(cv2.warpPerspective(layer.alpha, way, (width, height)), np.float32)
    )
