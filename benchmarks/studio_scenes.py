"""Products with an exact alpha laid on plain backgrounds as a studio's pictures are; used by ``plain_background.py``.

Products are drawn here, or come as RGBA files; backgrounds are white, near white, grey, coloured, a gradient or a
vignette; most scenes have a soft shadow; all have noise and JPEG compression. Everything follows from the seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.values import Alpha, Rgb, Rgba

__all__ = ["BACKGROUNDS", "DRAWN", "Scene", "draw", "scene"]

Floats = NDArray[np.float32]

BACKGROUNDS = ("white", "near white", "grey", "colour", "gradient", "vignette")
_DRAWN_SIDE = 480
_OVER = 2  # drawn larger, then reduced: smooth edges


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture and its truth.

    Attributes:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), exact.
        background: one of `BACKGROUNDS`.
        contrast: median distance between product and background, levels.
    """

    rgb: Rgb
    alpha: Alpha
    background: str
    contrast: float


def scene(product: Rgba, rng: np.random.Generator, *, background: str, side: int = 800) -> Scene:
    """Lay a product on a background, with a shadow (three of four), noise and JPEG compression."""
    height, width = side, round(side * rng.uniform(0.8, 1.25))
    colours = _background(background, height, width, rng)
    scale = rng.uniform(0.55, 0.85) * min(height / product.shape[0], width / product.shape[1])
    size = max(1, round(product.shape[1] * scale)), max(1, round(product.shape[0] * scale))
    premultiplied = product.astype(np.float32)
    premultiplied[..., :3] *= premultiplied[..., 3:] / 255
    shrinks = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    premultiplied = cv2.resize(premultiplied, size, interpolation=shrinks)
    x = round((width - size[0]) * rng.uniform(0.3, 0.7))
    y = round((height - size[1]) * rng.uniform(0.4, 0.7))
    layer = np.zeros((height, width, 4), np.float32)
    layer[y : y + size[1], x : x + size[0]] = premultiplied
    alpha = np.clip(layer[..., 3] / 255, 0, 1)
    if rng.random() < 0.75:
        colours = colours * (1 - _shadow(alpha, rng))[..., None]
    picture = layer[..., :3] + colours * (1 - alpha[..., None])
    solid = alpha > 0.98
    contrast = float(np.median(np.abs(picture - colours).max(axis=2)[solid])) if solid.any() else 0.0
    picture += rng.normal(0, rng.uniform(0, 2.0), picture.shape)
    rgb = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    quality = int(rng.integers(75, 96))
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    rgb = np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
    return Scene(rgb, alpha.astype(np.float32), background, contrast)


def _background(kind: str, height: int, width: int, rng: np.random.Generator) -> Floats:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    level = {"white": 255.0, "near white": rng.uniform(240, 253), "grey": rng.uniform(150, 235)}.get(kind, 225.0)
    colour = np.full(3, level, np.float32)
    if kind == "near white":
        colour += rng.uniform(-3, 2, 3)
    if kind == "colour":
        colour = rng.uniform(70, 240, 3).astype(np.float32)
    field = np.broadcast_to(colour, (height, width, 3)).astype(np.float32)
    if kind == "gradient":
        angle = rng.uniform(0, 2 * math.pi)
        field = field + (rng.uniform(6, 25) * (x * math.cos(angle) + y * math.sin(angle)))[..., None]
    if kind == "vignette":
        field = field * (1 - rng.uniform(0.05, 0.14) * (x * x + y * y) / 2)[..., None]
    return np.clip(field, 0, 255)


def _shadow(alpha: Alpha, rng: np.random.Generator) -> Floats:
    """A dark line where the product stands and a wider pool around it: float32 (h, w) in 0..1."""
    height, width = alpha.shape
    rows = np.flatnonzero((alpha > 0.5).any(axis=1))
    foot = np.zeros_like(alpha)
    if rows.size:
        low = rows[-1] - round(0.08 * (rows[-1] - rows[0] + 1))
        foot[low:] = alpha[low:]
    reach = 0.01 * max(height, width)
    move = np.float32([[1, 0, rng.uniform(-3, 3) * reach], [0, 1, rng.uniform(0.2, 1.0) * reach]])
    foot = cv2.warpAffine(foot, move, (width, height))
    near = cv2.GaussianBlur(foot, (0, 0), rng.uniform(0.5, 1.0) * reach)
    wide = cv2.GaussianBlur(foot, (0, 0), rng.uniform(2.0, 4.0) * reach)
    return np.clip(rng.uniform(0.1, 0.45) * near + rng.uniform(0.1, 0.35) * wide, 0, 0.9)


def draw(kind: str, rng: np.random.Generator) -> Rgba:
    """A drawn product: straight RGBA, uint8 (h, w, 4)."""
    side = _DRAWN_SIDE * _OVER
    solid = np.zeros((side, side), np.uint8)
    colours = np.empty((side, side, 3), np.float32)
    dark = rng.uniform(20, 200, 3)
    colours[:] = rng.uniform(236, 250) if kind.startswith("white") else dark
    DRAWN[kind](solid, colours, rng)
    # Light from the left, so that a face is not of one colour.
    colours *= np.linspace(1.04, 0.86, side, dtype=np.float32)[None, :, None]
    size = (_DRAWN_SIDE, _DRAWN_SIDE)
    small = [cv2.resize(field, size, interpolation=cv2.INTER_AREA) for field in (np.clip(colours, 0, 255), solid)]
    return np.rint(np.dstack(small)).astype(np.uint8)


def _at(*numbers: float) -> tuple[int, ...]:
    return tuple(round(number * _DRAWN_SIDE * _OVER) for number in numbers)


def _ring(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    outer = rng.uniform(0.25, 0.45)
    cv2.circle(solid, _at(0.5, 0.5), *_at(outer), 255, -1)
    cv2.circle(solid, _at(0.5, 0.5), *_at(outer * rng.uniform(0.5, 0.9)), 0, -1)


def _mug(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    thick = rng.uniform(0.03, 0.06)
    cv2.ellipse(solid, _at(0.66, 0.5), _at(0.19, 0.2), 0, 0, 360, 255, *_at(thick))
    cv2.rectangle(solid, _at(0.15, 0.2), _at(0.65, 0.85), 255, -1)


def _glasses(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    thick = rng.uniform(0.012, 0.035)
    for x in (0.27, 0.73):
        cv2.ellipse(solid, _at(x, 0.5), _at(0.19, 0.14), 0, 0, 360, 255, *_at(thick))
    cv2.line(solid, _at(0.45, 0.47), _at(0.55, 0.47), 255, *_at(thick))


def _scissors(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    thick = rng.uniform(0.02, 0.05)
    for x, tip in ((0.35, 0.58), (0.65, 0.42)):
        cv2.ellipse(solid, _at(x, 0.78), _at(0.11, 0.15), 0, 0, 360, 255, *_at(thick))
        cv2.line(solid, _at(x + 0.03 * (1 if x < 0.5 else -1), 0.64), _at(tip, 0.08), 255, *_at(thick + 0.02))
    colours[: solid.shape[0] * 6 // 10] = rng.uniform(120, 190)


def _chain(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    for number in range(7):
        angle = 2 * math.pi * number / 7
        place = 0.5 + 0.3 * math.cos(angle), 0.5 + 0.3 * math.sin(angle)
        cv2.ellipse(solid, _at(*place), _at(0.15, 0.09), math.degrees(angle) + 90, 0, 360, 255, *_at(0.025))


def _bottle(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    cv2.rectangle(solid, _at(0.3, 0.35), _at(0.7, 0.95), 255, -1)
    cv2.rectangle(solid, _at(0.43, 0.05), _at(0.57, 0.4), 255, -1)
    cv2.rectangle(colours, _at(0.3 + rng.uniform(0.02, 0.06), 0.5), _at(0.65, 0.8), (252.0, 252.0, 252.0), -1)
    for y in (0.58, 0.64, 0.7):  # lettering
        cv2.line(colours, _at(0.4, y), _at(rng.uniform(0.45, 0.6), y), (40.0, 40.0, 40.0), *_at(0.02))


def _shirt(solid: NDArray[np.uint8], colours: Floats, rng: np.random.Generator) -> None:
    outline = [(0.3, 0.1), (0.7, 0.1), (0.95, 0.3), (0.85, 0.42), (0.72, 0.33), (0.72, 0.92), (0.28, 0.92)]
    outline += [(0.28, 0.33), (0.15, 0.42), (0.05, 0.3)]
    cv2.fillPoly(solid, [np.array([_at(*point) for point in outline], np.int32)], 255)
    for _ in range(6):  # folds
        x, y = rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.8)
        cv2.line(colours, _at(x, y), _at(x + rng.uniform(-0.1, 0.1), y + 0.15), (222.0, 222.0, 224.0), *_at(0.012))
    colours[:] = cv2.GaussianBlur(colours, (0, 0), 0.006 * solid.shape[0])


#: Name -> how it is drawn.
DRAWN: dict[str, Callable[[NDArray[np.uint8], Floats, np.random.Generator], None]] = {
    "ring": _ring,
    "mug": _mug,
    "glasses": _glasses,
    "scissors": _scissors,
    "chain": _chain,
    "bottle with a white label": _bottle,
    "white shirt": _shirt,
    "white mug": _mug,
}
