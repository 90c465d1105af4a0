"""Which part of a photo a training sample shows, and how it is turned: one affine map for picture and target."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.runtime.preprocessing import resize
from packshot.training.cutout.target import Target
from packshot.values import Rgb

__all__ = ["random_map", "warp"]

Affine = NDArray[np.float32]


def random_map(rng: np.random.Generator, source: tuple[int, int], shape: tuple[int, int]) -> Affine:
    """A random view: mostly the whole photo, else a part of it; sometimes turned; mirrored half the time.

    Args:
        rng: the source of chance.
        source: (height, width) of the photo in pixels.
        shape: (height, width) of the sample in pixels.

    Returns:
        float32 (2, 3), from photo to sample.
    """
    rows, columns = source
    height, width = shape
    if rng.random() < 0.55:
        part_w, part_h = columns * rng.uniform(0.93, 1.0), rows * rng.uniform(0.93, 1.0)
    else:
        ratio = width / height * np.exp(rng.normal(0, 0.2))
        area = rng.uniform(0.4, 1.0) * columns * rows
        part_w = min(columns, np.sqrt(area * ratio))
        part_h = min(rows, np.sqrt(area / ratio))
    x, y = rng.uniform(0, columns - part_w), rng.uniform(0, rows - part_h)
    draw = rng.random()
    degrees = rng.normal(0, 7) if draw < 0.3 else rng.uniform(-60, 60) if draw < 0.36 else 0.0
    angle = np.deg2rad(degrees)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    scale = np.diag([mirror * width / part_w, height / part_h])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale @ turn
    centre = np.array([x + part_w / 2, y + part_h / 2])
    shift = np.array([width / 2, height / 2]) - linear @ centre
    return np.concatenate([linear, shift[:, None]], axis=1).astype(np.float32)


def warp(rgb: Rgb, target: Target, affine: Affine, shape: tuple[int, int]) -> tuple[Rgb, Target]:
    """Picture and target through one map; what lies outside the photo repeats its edge, and teaches nothing.

    Args:
        rgb: uint8 (h, w, 3).
        target: of the same size.
        affine: float32 (2, 3), from photo to sample.
        shape: (height, width) of the sample in pixels.
    """
    shrinks = float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    values, weights = target.values, target.weights
    if shrinks < 0.6:  # bilinear sampling alone would alias
        size = (max(8, round(rgb.shape[1] * shrinks * 1.2)), max(8, round(rgb.shape[0] * shrinks * 1.2)))
        back = np.array([[rgb.shape[1] / size[0], 0], [0, rgb.shape[0] / size[1]]], np.float32)
        rgb = resize(rgb, size=size)
        values = np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.uint8)
        weights = np.asarray(cv2.resize(weights, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        affine = np.concatenate([affine[:, :2] @ back, affine[:, 2:]], axis=1)
    size = (shape[1], shape[0])
    moved = cv2.warpAffine(rgb, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpAffine(values, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    known = cv2.warpAffine(weights, affine, size, flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(moved, np.uint8), Target(np.asarray(there, np.uint8), np.asarray(known, np.uint8))
