"""One random change of picture and mask together, with torchvision's v2 transforms."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor
from torchvision import tv_tensors
from torchvision.transforms import v2

from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, normalise
from packshot.values import Alpha, Rgb

__all__ = ["PHOTOMETRY", "augment", "compress", "to_tensors"]


def _geometry(size: int) -> v2.Transform:
    squash = v2.Resize((size, size), antialias=True)
    crop = v2.RandomResizedCrop((size, size), scale=(0.4, 1.0), ratio=(0.5, 1.6), antialias=True)
    turn = v2.RandomAffine(degrees=12, translate=(0.08, 0.08), scale=(0.75, 1.1), shear=6)
    lie = v2.RandomAffine(degrees=60, scale=(0.7, 1.1))
    return v2.Compose(
        [
            v2.RandomApply([lie], p=0.08),
            v2.RandomChoice([squash, crop], p=[0.6, 0.4]),
            v2.RandomApply([turn], p=0.3),
            v2.RandomHorizontalFlip(),
        ]
    )


#: Changes of light, colour and sharpness.
PHOTOMETRY = v2.Compose(
    [
        v2.RandomApply([v2.ColorJitter(brightness=0.35, contrast=0.35, saturation=0.35, hue=0.04)], p=0.7),
        v2.RandomGrayscale(p=0.04),
        v2.RandomApply([v2.GaussianBlur(5, sigma=(0.3, 1.8))], p=0.1),
    ]
)


def augment(rgb: Rgb, alpha: Alpha, *, size: int) -> tuple[Rgb, Alpha]:
    """Crop or squash, turn, flip both; change light, colour and compression of the picture.

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), 0..1.
        size: side of the square result in pixels.

    Returns:
        uint8 (size, size, 3) and float32 (size, size).
    """
    picture = tv_tensors.Image(torch.from_numpy(rgb.copy()).permute(2, 0, 1))
    # A float image, not tv_tensors.Mask: a soft alpha needs bilinear interpolation.
    mask = tv_tensors.Image(torch.from_numpy(alpha.copy())[None] * 255.0)
    state = torch.random.get_rng_state()
    moved = _geometry(size)(picture)
    torch.random.set_rng_state(state)
    moved_mask = _geometry(size)(mask)
    changed = PHOTOMETRY(moved).permute(1, 2, 0).contiguous().numpy()
    if torch.rand(()) < 0.2:
        changed = compress(changed, quality=int(torch.randint(25, 96, ())))
    return changed, (moved_mask[0] / 255.0).clamp(0, 1).contiguous().numpy()


def compress(rgb: Rgb, *, quality: int) -> Rgb:
    """Through a JPEG file and back; torchvision's own transform is deprecated together with its codecs."""
    _, file = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    bgr = np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def to_tensors(rgb: Rgb, alpha: Alpha) -> tuple[Tensor, Tensor]:
    """Network input (3, h, w) by the serving preprocessing, and target (1, h, w)."""
    image = torch.from_numpy(normalise(rgb, mean=IMAGENET_MEAN, std=IMAGENET_STD))
    return image, torch.from_numpy(alpha)[None]
