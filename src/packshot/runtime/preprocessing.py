"""From photo to network input: the one preprocessing shared by training and serving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.runtime.card import View
from packshot.runtime.side_strips import strip_sheet
from packshot.values import Alpha, Rgb

Pixels = TypeVar("Pixels", Rgb, Alpha)

__all__ = ["IMAGENET_MEAN", "IMAGENET_STD", "LITE_MEAN", "LITE_STD", "normalise", "prepare", "resize"]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

#: What the published EfficientNet-Lites were trained with: (x - 127) / 128.
LITE_MEAN = (127 / 255, 127 / 255, 127 / 255)
LITE_STD = (128 / 255, 128 / 255, 128 / 255)


def resize(pixels: Pixels, *, size: tuple[int, int]) -> Pixels:
    """Resize without keeping the aspect ratio: area averaging when shrinking, bilinear when enlarging.

    Args:
        pixels: uint8 (h, w, 3) or float32 (h, w).
        size: (width, height) in pixels.

    Returns:
        The same dtype, (height, width[, 3]).
    """
    height, width = pixels.shape[:2]
    shrinks = size[0] * size[1] < width * height
    resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return cast(Pixels, resized)


def normalise(rgb: Rgb, *, mean: Sequence[float], std: Sequence[float]) -> NDArray[np.float32]:
    """Scale to 0..1, subtract `mean`, divide by `std`, channels first.

    Args:
        rgb: uint8 (h, w, 3).
        mean: three numbers on the 0..1 scale.
        std: three numbers on the 0..1 scale.

    Returns:
        float32 (3, h, w).

    Example:
        >>> normalise(np.full((1, 1, 3), 255, np.uint8), mean=(0.5,) * 3, std=(0.5,) * 3).ravel().tolist()
        [1.0, 1.0, 1.0]
    """
    scale = np.float32(1.0) / (np.float32(255.0) * np.asarray(std, np.float32))
    shift = np.asarray(mean, np.float32) / np.asarray(std, np.float32)
    planes = np.ascontiguousarray(rgb.transpose(2, 0, 1))  # whole planes are five times as quick as pixels of three
    return np.asarray(planes * scale[:, None, None] - shift[:, None, None], np.float32)


def prepare(
    rgb: Rgb,
    *,
    size: tuple[int, int],
    view: View = View.PHOTO,
    mean: Sequence[float] = IMAGENET_MEAN,
    std: Sequence[float] = IMAGENET_STD,
) -> NDArray[np.float32]:
    """Resize to the network's input, or lay out its strips, and normalise.

    Args:
        rgb: uint8 (h, w, 3).
        size: (width, height) of the input in pixels; side strips have one size only.
        view: what of the photo the network sees.
        mean: as for `normalise`.
        std: as for `normalise`.

    Returns:
        float32 (3, height, width).
    """
    seen = resize(rgb, size=size) if view is View.PHOTO else strip_sheet(rgb)
    return normalise(seen, mean=mean, std=std)
