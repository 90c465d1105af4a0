"""What bands are filled with: each function paints a whole canvas."""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.drawing.settings import GeneratorSettings
from packshot.values import Rgb

__all__ = ["Colour", "Texture", "colour", "dots", "gradient", "noise", "plain", "stripes", "wood"]

Colour = NDArray[np.float32]
Texture = Callable[[np.random.Generator, tuple[int, int], GeneratorSettings], Rgb]


def colour(rng: np.random.Generator, settings: GeneratorSettings) -> Colour:
    """A colour, float32 (3,) in 0..255: of the settings' hues, grey in one of five."""
    if rng.random() < 0.2:
        return np.full(3, rng.uniform(0, 255), np.float32)
    hue = rng.uniform(*settings.hue) % 1.0
    return np.array(colorsys.hsv_to_rgb(hue, rng.uniform(0.15, 1), rng.uniform(0.2, 1)), np.float32) * 255


def plain(size: tuple[int, int], tone: Colour | float) -> Rgb:
    """One colour all over; `size` is (width, height)."""
    return np.broadcast_to(_rounded(np.asarray(tone, np.float32)), (size[1], size[0], 3)).copy()


def gradient(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    """From one colour to another: along a line, or outward from the middle."""
    ys, xs = _grid(size)
    if settings.variant == 0:
        angle = rng.uniform(0, 2 * np.pi)
        place = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle) + 0.5
    else:
        place = np.hypot(xs - 0.5, ys - 0.5) * 1.4
    return _between(colour(rng, settings), colour(rng, settings), np.clip(place, 0, 1))


def stripes(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    """Stripes at any angle, or squares of two colours."""
    ys, xs = _pixels(size)
    period, angle = _period(rng, size), rng.choice((0, np.pi / 4, np.pi / 2, rng.uniform(0, np.pi)))
    across, along = xs * np.cos(angle) + ys * np.sin(angle), ys * np.cos(angle) - xs * np.sin(angle)
    first = np.sin(across * 2 * np.pi / period)
    waves = first if settings.variant == 0 else first * np.sin(along * 2 * np.pi / period)
    return _between(colour(rng, settings), colour(rng, settings), np.clip(waves * period / 2 + 0.5, 0, 1))


def dots(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    """Discs on a grid, or rings on a grid whose rows are shifted."""
    ys, xs = _pixels(size)
    period, radius = _period(rng, size), rng.uniform(0.2, 0.42)
    shift = 0.5 * (np.floor(ys / period) % 2) if settings.variant else 0.0
    distance = np.hypot((xs / period + shift) % 1 - 0.5, (ys / period) % 1 - 0.5)
    inside = np.clip((radius - distance) * period + 0.5, 0, 1)
    if settings.variant:
        inside = inside - np.clip((radius * 0.5 - distance) * period + 0.5, 0, 1)
    return _between(colour(rng, settings), colour(rng, settings), inside)


def wood(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    """Grain: long fibres, or the rings of a trunk."""
    ys, xs = _pixels(size)
    if rng.random() < 0.5:
        ys, xs = xs, ys
    scale = max(size) / 100
    drift = _soft_noise(rng, size, max(size) / 6) * 3
    if settings.variant == 0:
        fibres = np.asarray(cv2.resize(rng.normal(0, 1, (200, 6)).astype(np.float32), (size[0], size[1])))
        grain = fibres * 0.6 + np.sin(xs / (4 * scale) + drift) * 0.5
    else:
        grain = np.sin(np.hypot(xs + size[0] * 0.4, ys * 0.2) / (2 * scale) + drift) + _soft_noise(rng, size, 2) * 0.4
    tone = np.array([rng.uniform(90, 200), rng.uniform(60, 130), rng.uniform(20, 80)], np.float32)
    return _between(tone * 0.6, tone * 1.15, np.clip(grain * 0.35 + 0.5, 0, 1))


def noise(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    """Fine grain of a paper, or clouds of a marbled one."""
    if settings.variant == 0:
        grain = rng.normal(0, rng.uniform(6, 40), (size[1], size[0], 1)).astype(np.float32)
        return _rounded(colour(rng, settings) + grain)
    clouds = _soft_noise(rng, size, max(size) / rng.uniform(15, 60))
    return _between(colour(rng, settings), colour(rng, settings), np.clip(clouds * 0.25 + 0.5, 0, 1))


def _grid(size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    ys, xs = np.mgrid[0 : 1 : size[1] * 1j, 0 : 1 : size[0] * 1j].astype(np.float32)
    return ys, xs


def _pixels(size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    ys, xs = np.mgrid[: size[1], : size[0]].astype(np.float32)
    return ys, xs


def _period(rng: np.random.Generator, size: tuple[int, int]) -> float:
    return max(4.0, max(size) * rng.uniform(0.012, 0.06))


def _soft_noise(rng: np.random.Generator, size: tuple[int, int], grain: float) -> NDArray[np.float32]:
    cells = rng.normal(0, 1, (int(size[1] / grain) + 2, int(size[0] / grain) + 2)).astype(np.float32)
    return np.asarray(cv2.resize(cells, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _between(first: Colour, second: Colour, share: NDArray[np.float32]) -> Rgb:
    return _rounded(first + (second - first) * share[..., None])


def _rounded(values: NDArray[np.float32]) -> Rgb:
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)
