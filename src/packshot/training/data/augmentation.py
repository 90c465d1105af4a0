"""The augmentations of the published systems; ours is in `packshot.training.data.augment`."""

from __future__ import annotations

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, Rgb

Pixels = TypeVar("Pixels", Rgb, Alpha)

__all__ = ["flip", "keras_affine", "move", "paired", "strong"]


def flip(rng: np.random.Generator, rgb: Rgb, alpha: Alpha) -> tuple[Rgb, Alpha]:
    """Mirror left and right, every second time.

    Args:
        rng: decides.
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w).
    """
    if rng.random() < 0.5:
        return rgb, alpha
    return np.ascontiguousarray(rgb[:, ::-1]), np.ascontiguousarray(alpha[:, ::-1])


def paired(rng: np.random.Generator, rgb: Rgb, alpha: Alpha) -> tuple[Rgb, Alpha]:
    """Turn, shift, shear, zoom and mirror picture and mask by the same draw, as the published U-Net was trained.

    Keras' ImageDataGenerator with rotation 20 (degrees), shift 0.2 (of the side), shear 0.5 (degrees: hardly
    visible, but published), zoom 0.2, horizontal flip and reflected borders.

    Args:
        rng: decides.
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), 0..1.
    """
    matrix = _drawn(rng, alpha.shape, turn=20, shear=0.5)
    return flip(rng, move(rgb, matrix), move(alpha, matrix))


def strong(rng: np.random.Generator, rgb: Rgb, alpha: Alpha) -> tuple[Rgb, Alpha]:
    """Turn, shift, shear, zoom and mirror as the published three-convolution classifier was trained.

    Keras' ImageDataGenerator with rotation 40 (degrees), shifts 0.2 (of the side), shear 0.2 (degrees, as Keras counts
    them today), zoom 0.2, horizontal flip; beyond the border its default, the nearest pixel.

    Args:
        rng: decides.
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), 0..1.
    """
    matrix = _drawn(rng, alpha.shape, turn=40, shear=0.2)
    border = cv2.BORDER_REPLICATE
    return flip(rng, move(rgb, matrix, border=border), move(alpha, matrix, border=border))


def keras_affine(
    shape: tuple[int, int], *, turn: float, shift: tuple[float, float], shear: float, zoom: tuple[float, float]
) -> NDArray[np.float64]:
    """The matrix Keras makes of these numbers: where, in the source, each pixel of the result is read.

    Args:
        shape: (h, w) of the picture, about whose middle everything happens.
        turn: degrees.
        shift: rows and columns, in pixels.
        shear: degrees.
        zoom: of rows and columns; below 1 enlarges.

    Returns:
        float64 (3, 3), on (row, column, 1).
    """
    t, s = np.deg2rad(turn), np.deg2rad(shear)
    rotation = np.array([[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]])
    translation = np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1.0]])
    shearing = np.array([[1, -np.sin(s), 0], [0, np.cos(s), 0], [0, 0, 1]])
    middle = np.array([[1, 0, shape[0] / 2 - 0.5], [0, 1, shape[1] / 2 - 0.5], [0, 0, 1.0]])
    scaling = np.diag([*zoom, 1.0])
    moved: NDArray[np.float64] = middle @ rotation @ translation @ shearing @ scaling @ np.linalg.inv(middle)
    return moved


def move(pixels: Pixels, matrix: NDArray[np.float64], *, border: int = cv2.BORDER_REFLECT) -> Pixels:
    """Read a picture through `keras_affine`'s matrix, bilinear.

    Args:
        pixels: uint8 (h, w, 3) or float32 (h, w).
        matrix: (3, 3) on (row, column, 1).
        border: what lies outside, in OpenCV's words; by default the picture's reflection.

    Returns:
        The same shape and dtype.
    """
    height, width = pixels.shape[:2]
    on_xy = matrix[[1, 0]][:, [1, 0, 2]]  # OpenCV counts (x, y)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cast(Pixels, cv2.warpAffine(pixels, on_xy, (width, height), flags=flags, borderMode=border))


def _drawn(rng: np.random.Generator, shape: tuple[int, ...], *, turn: float, shear: float) -> NDArray[np.float64]:
    """A draw of Keras' matrix, each number evenly from both sides of no change; the zoom from 0.8 to 1.2."""
    height, width = shape[:2]
    return keras_affine(
        (height, width),
        turn=rng.uniform(-turn, turn),
        shift=(rng.uniform(-0.2, 0.2) * height, rng.uniform(-0.2, 0.2) * width),
        shear=rng.uniform(-shear, shear),
        zoom=(rng.uniform(0.8, 1.2), rng.uniform(0.8, 1.2)),
    )
