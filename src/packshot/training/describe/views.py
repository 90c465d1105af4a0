"""Views of a sample for a describing network: the photo as it is, on white or on another background."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from packshot.datasets import Described
from packshot.runtime.preprocessing import resize
from packshot.training.data.augment import PHOTOMETRY, compress
from packshot.training.data.backgrounds import Backgrounds
from packshot.training.data.compositing import Layer, crop_to_subject, paste
from packshot.values import Rgb

__all__ = ["Views"]

_MARGIN = (0.02, 0.25)  # of white around a product, as a share of its longer side
_LARGER = 1.3  # pictures are shrunk to so many times the network's side before they are changed


class Views:
    """Draws a view of a sample.

    Args:
        backgrounds: to lay products on.
        size: side of the square view in pixels.
        recomposed: how often a picture with a mask is laid on another background; a studio picture more often.
        on_white: how often on white.
    """

    def __init__(self, backgrounds: Backgrounds, *, size: int, recomposed: float, on_white: float) -> None:
        self.backgrounds, self.size, self.recomposed, self.on_white = backgrounds, size, recomposed, on_white
        # What is tagged must stay in the picture; a single product may be cropped.
        self._whole = _changes(size, smallest=0.7)
        self._cropped = _changes(size, smallest=0.35)

    def of(self, item: Described, rng: np.random.Generator) -> Rgb:
        """A view of a picture: uint8 (size, size, 3).

        Raises:
            UsageError: the photo or its mask cannot be read; names the file.
        """
        several = bool(item.tags and len(item.tags) > 1)
        return self._change(self.scene(item, rng), rng, self._whole if several else self._cropped)

    def empty(self, rng: np.random.Generator) -> Rgb:
        """A view without a product: uint8 (size, size, 3)."""
        return self._change(self.backgrounds.empty(rng), rng, self._cropped)

    def scene(self, item: Described, rng: np.random.Generator) -> Rgb:
        """What a view is taken of: the photo, or its product on white or on another background; uint8 (h, w, 3)."""
        draw = rng.random()
        recomposed = max(self.recomposed, 0.5) if item.source == "studio" else self.recomposed
        if item.kind is None or draw >= recomposed + self.on_white:
            return item.rgb()
        rgb, alpha = item.pair()
        if alpha.mean() < 0.02:
            return rgb
        layer = crop_to_subject(Layer(rgb, alpha))
        if draw < recomposed:
            shape = (int(rng.integers(288, 520)), int(rng.integers(288, 520)))
            return paste(rng, layer, self.backgrounds.draw(rng, shape).rgb, share=(0.5, 0.98))[0]
        return _white(layer, rng)

    def _change(self, rgb: Rgb, rng: np.random.Generator, changes: v2.Transform) -> Rgb:
        side = _LARGER * self.size / max(rgb.shape[:2])
        if side < 0.9:
            rgb = resize(rgb, size=(max(8, round(rgb.shape[1] * side)), max(8, round(rgb.shape[0] * side))))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**31)))
            picture = tv_tensors.Image(torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1))
            changed = changes(picture).permute(1, 2, 0).contiguous().numpy()
        return compress(changed, quality=int(rng.integers(25, 96))) if rng.random() < 0.2 else changed


def _changes(size: int, *, smallest: float) -> v2.Transform:
    squash = v2.Resize((size, size), antialias=True)
    crop = v2.RandomResizedCrop((size, size), scale=(smallest, 1.0), ratio=(0.65, 1.5), antialias=True)
    return v2.Compose(
        [
            v2.RandomApply([v2.RandomPerspective(0.25, p=1.0, fill=255)], p=0.15),
            v2.RandomChoice([squash, crop], p=[0.35, 0.65]),
            v2.RandomApply([v2.RandomAffine(degrees=20, translate=(0.06, 0.06), scale=(0.8, 1.15), shear=6)], p=0.3),
            v2.RandomApply([v2.RandomRotation((90, 90))], p=0.05),
            v2.RandomHorizontalFlip(),
            PHOTOMETRY,
            v2.RandomErasing(p=0.2, scale=(0.02, 0.2), value=127),
        ]
    )


def _white(layer: Layer, rng: np.random.Generator) -> Rgb:
    """The product on white, with a margin as packshots have it."""
    alpha = layer.alpha[..., None]
    rgb = np.asarray(layer.rgb * alpha + 255 * (1 - alpha), np.uint8)
    height, width = layer.alpha.shape
    margin = round(rng.uniform(*_MARGIN) * max(height, width))
    square = rng.random() < 0.7  # a packshot's canvas is mostly square
    side = max(height, width)
    across, down = ((side - width) // 2, (side - height) // 2) if square else (0, 0)
    white = (255, 255, 255)
    edges = (down + margin, down + margin, across + margin, across + margin)
    return np.asarray(cv2.copyMakeBorder(rgb, *edges, cv2.BORDER_CONSTANT, value=white), np.uint8)
