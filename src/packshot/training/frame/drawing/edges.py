"""Edges that are no straight step: faded, torn, and shaded from the picture itself."""

from __future__ import annotations

import math
from dataclasses import astuple

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.frame.drawing.sample import Sides
from packshot.values import Box, Rgb

__all__ = ["bevel", "lay_softly"]

_FADES = (0.015, 0.16)  # of the shorter side, from the mat to the picture
_OVAL = (0.15, 0.5)  # of the shorter side, the radius of a vignette's corners; a half makes it an oval
_TORN = (0.006, 0.02)  # of the shorter side, how far a torn edge departs from a straight one
_LIGHT = ((1, 1, -1, -1), (-1, -1, 1, 1), (-1, 1, 1, -1), (1, 1, 1, 1), (-1, -1, -1, -1))


def lay_softly(rng: np.random.Generator, canvas: Rgb, inside: Rgb, inner: Box) -> tuple[Box, int]:
    """Lay a picture on its canvas so that it fades into it, as a rectangle or a vignette, or ends in a torn edge.

    Args:
        rng: the source of chance.
        canvas: uint8 (h, w, 3), changed.
        inside: uint8, as large as `inner`.
        inner: where the first trace of the picture may be seen.

    Returns:
        The part of `inner` that is picture alone, and how deep the edge is at the middle of a side, pixels.
    """
    side, corner = min(inner.size), 0
    kind = rng.choice(("rectangle", "vignette", "torn"), p=(0.4, 0.3, 0.3))
    if kind == "rectangle":
        fade = max(2, round(side * np.exp(rng.uniform(*np.log(_FADES)))))
        down, across = (_ramp(length, fade) for length in (inner.height, inner.width))
        alpha = down[:, None] * across
    elif kind == "vignette":
        fade = max(2, round(side * np.exp(rng.uniform(*np.log(_FADES)))))
        radius = max(side * rng.uniform(*_OVAL), fade + 1.0)
        alpha = _smooth(np.asarray(_depth_rounded(inner.size, radius) / fade, np.float32))
        corner = math.ceil((radius - fade) * (1 - math.sqrt(0.5)))  # so far an arc recedes from its corner
    else:
        fade = max(3, round(side * rng.uniform(*_TORN)))
        alpha = np.clip(_depth(inner.size) - _wobble(rng, inner.size, fade), 0, 1)
    window = canvas[inner.slices]
    window[:] = (inside * alpha[..., None] + window * (1 - alpha[..., None]) + 0.5).astype(np.uint8)
    inset = fade + corner
    return Box(inner.x0 + inset, inner.y0 + inset, inner.x1 - inset, inner.y1 - inset), fade


def bevel(rng: np.random.Generator, rgb: Rgb, inner: Box, sides: Sides) -> Rgb:
    """The picture with its edges lit and shaded as if it stood out, or all of them faded alike.

    Args:
        rng: the source of chance.
        rgb: uint8 (h, w, 3), left as it is.
        inner: what stays.
        sides: how far the edges reach, pixels; none of them 0.
    """
    height, width = rgb.shape[:2]
    left, top, right, bottom = astuple(sides)
    x, y = np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32)[:, None] + 0.5
    depths = np.broadcast_arrays(x / left, y / top, (width - x) / right, (height - y) / bottom)
    nearest = np.argmin(np.stack(depths), axis=0)  # mitred corners
    strengths = np.array(_LIGHT[rng.integers(len(_LIGHT))]) * rng.uniform(0.3, 0.75, 4)
    share = strengths.astype(np.float32)[nearest][..., None]
    goal = np.where(share > 0, np.float32(255), np.float32(0))
    shaded = (rgb + (goal - rgb) * np.abs(share) + 0.5).astype(np.uint8)
    shaded[inner.slices] = rgb[inner.slices]
    return shaded


def _ramp(length: int, fade: int) -> NDArray[np.float32]:
    """From 0 to 1 within `fade` pixels of either end, smooth at both: float32 (length,)."""
    place = np.arange(length, dtype=np.float32)
    return _smooth(np.asarray((np.minimum(place, place[::-1]) + 0.5) / fade, np.float32))


def _smooth(share: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 to 1 as the share is, smooth at both ends."""
    near = np.clip(share, 0, 1)
    return np.asarray(near * near * (3 - 2 * near), np.float32)


def _depth(size: tuple[int, int]) -> NDArray[np.float32]:
    """How many pixels lie between each pixel and the nearest edge: float32 (height, width)."""
    x, y = (np.arange(length, dtype=np.float32) for length in size)
    return np.minimum(np.minimum(x, x[::-1]), np.minimum(y, y[::-1])[:, None])


def _depth_rounded(size: tuple[int, int], radius: float) -> NDArray[np.float32]:
    """As `_depth`, of a rectangle with round corners, negative outside: float32 (height, width)."""
    x, y = (np.abs(np.arange(length, dtype=np.float32) + 0.5 - length / 2) - (length / 2 - radius) for length in size)
    past = np.hypot(np.maximum(x, 0), np.maximum(y, 0)[:, None]) + np.minimum(np.maximum(x, y[:, None]), 0)
    return np.asarray(radius - past, np.float32)


def _wobble(rng: np.random.Generator, size: tuple[int, int], reach: int) -> NDArray[np.float32]:
    """Where a torn edge runs, -1 to `reach` - 1 pixels from the straight one: float32 (height, width)."""
    cells = rng.uniform(-1, reach - 1, (2 + size[1] // (2 * reach), 2 + size[0] // (2 * reach))).astype(np.float32)
    return np.asarray(cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR), np.float32)
