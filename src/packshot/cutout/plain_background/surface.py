"""A smooth model of a plain background, fitted to the picture's border."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.plain_background.channels import largest
from packshot.values import AnyArray

__all__ = ["CLOSE", "Surface", "fit_surface", "joined_to_border"]

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

#: Levels (0..255): how far from the model a pixel of the background may be.
CLOSE = 7.0
_BLOCKS = 16  # along each side of the picture
_DEPTH = 0.04  # of the shorter side: how deep the border is
_FLAT = 0.8  # of a block's pixels are CLOSE to its median, if it is background
_FEWEST = 6  # blocks
_TRIALS = 120  # random planes
_SAMPLES = 6000  # pixels are enough for a least-squares fit
_LEAST_AREA = 0.02  # of the picture
_RIDGE = 1e-3
_SMALLEST = 8  # pixels a side: below it there is no border to speak of


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A background's colour as a quadratic polynomial of the place, one for each channel.

    Attributes:
        coefficients: float32 (6, 3), levels (0..255), of 1, x, y, x^2, x y, y^2; x and y run from -1 to 1.
        explained: share of the border that the model explains, 0..1.
    """

    coefficients: Floats
    explained: float

    def colours(self, height: int, width: int) -> Floats:
        """The background's colour at every pixel: float32 (h, w, 3) in 0..255."""
        # A quadratic is so smooth that a bilinear enlargement of a grid is exact to a hundredth of
        # a level; of the outermost pixels, which lie outside the grid's middles, to one level.
        rows, columns = min(height, 65), min(width, 65)
        grid = _terms(*_places(rows, columns)) @ self.coefficients
        field = np.clip(grid.reshape(rows, columns, 3), 0, 255)
        return np.asarray(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def fit_surface(small: AnyArray) -> Surface | None:
    """Fit the background to the border, then to all of the picture that continues it.

    Planes through three random blocks of the border are tried, and the one most blocks agree with wins (Fischler &
    Bolles 1981), so that a product may cover up to half of the border. The trials are the same on every run.

    Args:
        small: float32 (h, w, 3) in 0..255, sRGB, a reduced copy of the picture.

    Returns:
        The model; None where the border has no flat parts that agree.
    """
    if min(small.shape[:2]) < _SMALLEST:
        return None
    places, colours, flat = _blocks(small)
    if np.count_nonzero(flat) < _FEWEST:
        return None
    surface = _consensus(places[flat], colours[flat])
    for _ in range(2):
        surface = None if surface is None else _grown(surface, small)
    if surface is None:
        return None
    distance = np.abs(colours - _terms(places[:, 0], places[:, 1]) @ surface.coefficients).max(axis=1)
    return replace(surface, explained=float(np.mean(flat & (distance <= CLOSE))))


def joined_to_border(marked: Bools) -> Bools:
    """The marked pixels that are joined to a marked pixel of the picture's border: bool (h, w)."""
    _, labels = cv2.connectedComponents(marked.view(np.uint8), connectivity=4)
    keeps = np.zeros(int(labels.max()) + 1, bool)
    for line in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        keeps[line] = True
    keeps[0] = False
    return np.asarray(keeps[labels])


def _places(height: int, width: int) -> tuple[Floats, Floats]:
    """Coordinates (x, y) of every pixel's centre, row by row: float32 (h w,) each, -1..1."""
    x = (2 * np.arange(width, dtype=np.float32) + 1) / width - 1
    y = (2 * np.arange(height, dtype=np.float32) + 1) / height - 1
    return np.tile(x, height), np.repeat(y, width)


def _terms(x: Floats, y: Floats) -> Floats:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _blocks(small: AnyArray) -> tuple[Floats, Floats, Bools]:
    """The border in blocks: places (n, 2) in -1..1, median colours (n, 3), and which are flat (n,)."""
    depth = max(2, round(_DEPTH * min(small.shape[:2])))
    upright = np.ascontiguousarray(small.transpose(1, 0, 2))
    places, colours, flat = [], [], []
    for lines, vertical in ((small, False), (upright, True)):
        length = lines.shape[1]
        count = min(_BLOCKS, length // 2)
        size = length // count
        along = (2 * (np.arange(count, dtype=np.float32) + 0.5) * size) / length - 1
        for strip, across in ((lines[:depth], -1 + depth / len(lines)), (lines[-depth:], 1 - depth / len(lines))):
            blocks = strip[:, : count * size].reshape(depth, count, size, 3).transpose(1, 0, 2, 3)
            pixels = blocks.reshape(count, depth * size, 3)
            median = np.median(pixels, axis=1)
            close = np.abs(pixels - median[:, None]).max(axis=2) <= CLOSE
            other = np.full(count, across, np.float32)
            places.append(np.stack([other, along] if vertical else [along, other], axis=1))
            colours.append(median)
            flat.append(close.mean(axis=1) >= _FLAT)
    return (
        np.concatenate(places).astype(np.float32),
        np.concatenate(colours).astype(np.float32),
        np.concatenate(flat),
    )


def _consensus(places: Floats, colours: Floats) -> Surface | None:
    """The plane that most blocks agree with, bent to fit those blocks."""
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(places), (_TRIALS, 3))
    linear = np.concatenate([np.ones((len(places), 1), np.float32), places], axis=1)
    systems = linear[chosen]  # (trials, 3, 3)
    apart = np.abs(np.linalg.det(systems)) > 0.2
    level = np.zeros((1, 3, 3), np.float32)
    level[0, 0] = np.median(colours, axis=0)
    planes = np.concatenate([level, np.linalg.solve(systems[apart], colours[chosen[apart]])])
    distance = np.abs(linear @ planes - colours).max(axis=2)  # (trials, n)
    # Twice as far as in the end: a vignette is no plane.
    score = np.minimum(distance / (2 * CLOSE), 1).mean(axis=1)
    agrees = distance[int(np.argmin(score))] <= 2 * CLOSE
    if np.count_nonzero(agrees) < _FEWEST:
        return None
    return Surface(_solve(_terms(places[agrees, 0], places[agrees, 1]), colours[agrees]), explained=0.0)


def _solve(terms: Floats, colours: Floats) -> Floats:
    """Least squares, with the bent terms held back a little: float32 (6, 3)."""
    double = terms.astype(np.float64)
    held = np.diag([0, 0.01, 0.01, 1, 1, 1]) * _RIDGE * len(terms) + 1e-9 * np.eye(6)
    return np.asarray(np.linalg.solve(double.T @ double + held, double.T @ colours), np.float32)


def _grown(surface: Surface, small: AnyArray) -> Surface | None:
    """Fitted again, to everything that agrees and is joined to the border."""
    height, width = small.shape[:2]
    near = largest(cv2.absdiff(small, surface.colours(height, width))) <= CLOSE
    at = np.flatnonzero(joined_to_border(near))
    if at.size < _LEAST_AREA * near.size:
        return None
    at = at[:: max(1, at.size // _SAMPLES)]
    x, y = _places(height, width)
    return replace(surface, coefficients=_solve(_terms(x[at], y[at]), small.reshape(-1, 3)[at]))
