"""Known foregrounds on foreign backgrounds: exact alpha, any scene."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from packshot.values import Alpha, Rgb

__all__ = [
    "Layer",
    "crop_to_subject",
    "draw_background",
    "draw_background_alike",
    "draw_product",
    "erase_subject",
    "paste",
]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A foreground with its alpha.

    Attributes:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w), 0..1.
    """

    rgb: Rgb
    alpha: Alpha


def crop_to_subject(layer: Layer) -> Layer:
    """The layer cropped to its alpha; unchanged if it is empty."""
    points = cv2.findNonZero((layer.alpha > 0.2).astype(np.uint8))
    if points is None:
        return layer
    x, y, w, h = cv2.boundingRect(points)
    return Layer(layer.rgb[y : y + h, x : x + w], layer.alpha[y : y + h, x : x + w])


def erase_subject(rgb: Rgb, alpha: Alpha) -> Rgb:
    """Fill the subject with a smooth continuation of what surrounds it (normalised blur, coarse to fine).

    Args:
        rgb: uint8 (h, w, 3).
        alpha: float32 (h, w); what is above 0.1, and a margin around it, is filled.
    """
    height, width = alpha.shape
    hole = cv2.dilate((alpha > 0.1).astype(np.uint8), np.ones((9, 9), np.uint8))
    keep = (1 - hole).astype(np.float32)
    filled = rgb.astype(np.float32)
    known = keep[..., None]
    result = np.full_like(filled, filled[hole == 0].mean() if (hole == 0).any() else 127.0)
    for sigma in (width / 4, width / 12, width / 40):
        small = (max(8, width // 4), max(8, height // 4))
        colour = cv2.GaussianBlur(cv2.resize(filled * known, small), (0, 0), sigma / 4)
        weight = cv2.GaussianBlur(cv2.resize(keep, small), (0, 0), sigma / 4)
        estimate = cv2.resize(colour / np.maximum(weight, 1e-4)[..., None], (width, height))
        trust = cv2.resize(np.clip(weight * 4, 0, 1), (width, height))[..., None]
        result = estimate * trust + result * (1 - trust)
    soft = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 2)[..., None]
    return np.clip(filled * (1 - soft) + result * soft, 0, 255).astype(np.uint8)


def draw_background(rng: np.random.Generator, size: tuple[int, int]) -> Rgb:
    """A studio-like background: plain, gradient or softly mottled, near white or any colour.

    Args:
        rng: the source of chance.
        size: (width, height) in pixels.
    """
    width, height = size
    base = rng.uniform(225, 255, 3) if rng.random() < 0.5 else rng.uniform(0, 255, 3)
    if rng.random() < 0.4:
        base = np.full(3, base.mean())
    background = np.broadcast_to(base, (height, width, 3)).astype(np.float32)
    if rng.random() < 0.6:
        angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(5, 60)
        ys, xs = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
        background = background + ((np.cos(angle) * xs + np.sin(angle) * ys) * strength)[..., None].astype(np.float32)
    if rng.random() < 0.4:
        cells = int(rng.integers(3, 40))
        noise = rng.normal(0, rng.uniform(3, 25), (cells, cells)).astype(np.float32)
        background = background + cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)[..., None]
    background = background + rng.normal(0, rng.uniform(0, 4), background.shape).astype(np.float32)
    return np.clip(background, 0, 255).astype(np.uint8)


def draw_background_alike(rng: np.random.Generator, layer: Layer, size: tuple[int, int]) -> Rgb:
    """A background of nearly the product's own colour: white on white, black on black.

    Args:
        rng: the source of chance.
        layer: the product; its median colour is taken.
        size: (width, height) in pixels.
    """
    inside = layer.rgb[layer.alpha > 0.8]
    tone = np.median(inside, axis=0) if len(inside) else np.full(3, 255.0)
    background = draw_background(rng, size).astype(np.float32)
    mottled = (background - background.mean()) * 0.3 + tone + rng.normal(0, 14, 3)
    return np.clip(mottled, 0, 255).astype(np.uint8)


def draw_product(rng: np.random.Generator, texture: Rgb) -> Layer:
    """An invented product: a random outline, sometimes with a hole or a strap, filled with a photo's texture.

    Args:
        rng: the source of chance.
        texture: uint8 (h, w, 3), what the outline is filled with.
    """
    side = 256
    fill = np.asarray(cv2.resize(texture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    if rng.random() < 0.5:
        tone = rng.uniform(0, 255, 3)
        fill = np.clip(fill * 0.35 + tone * 0.65, 0, 255).astype(np.uint8)
    shape = np.zeros((side * 2, side * 2), np.uint8)
    kind = rng.integers(4)
    if kind == 0:  # a box or a bottle: stacked rectangles of different widths
        x, top = int(rng.integers(150, 230)), int(rng.integers(30, 120))
        cv2.rectangle(shape, (side - x, top), (side + x, 480), 255, -1)
        if rng.random() < 0.5:
            neck = int(rng.integers(20, 90))
            cv2.rectangle(shape, (side - neck, 10), (side + neck, 480), 255, -1)
    elif kind == 1:  # a smooth closed outline in polar coordinates
        angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
        radius = np.full_like(angles, 180.0)
        for order in range(2, 7):
            radius += rng.normal(0, 60 / order) * np.cos(order * angles + rng.uniform(0, 6.28))
        points = np.stack([np.cos(angles), np.sin(angles)], 1) * np.clip(radius, 40, 250)[:, None] + side
        cv2.fillPoly(shape, [points.astype(np.int32)], 255)
    elif kind == 2:  # a polygon
        points = rng.uniform(20, 492, (int(rng.integers(3, 8)), 2)).astype(np.int32)
        cv2.fillPoly(shape, [cv2.convexHull(points.reshape(-1, 1, 2))], 255)
    else:  # an ellipse with a handle or a strap
        axes = (int(rng.integers(80, 200)), int(rng.integers(80, 200)))
        cv2.ellipse(shape, (side, side + 40), axes, 0, 0, 360, 255, -1)
        cv2.ellipse(shape, (side, side - 40), (axes[0], 190), 0, 180, 360, 255, int(rng.integers(6, 40)))
    if rng.random() < 0.2:
        cv2.circle(shape, tuple(int(v) for v in rng.integers(150, 360, 2)), int(rng.integers(15, 70)), 0, -1)
    turn = cv2.getRotationMatrix2D((side, side), float(rng.uniform(-45, 45)), float(rng.uniform(0.7, 1.0)))
    turned = cv2.resize(cv2.warpAffine(shape, turn, shape.shape), (side, side), interpolation=cv2.INTER_AREA)
    return crop_to_subject(Layer(fill, np.asarray(turned, np.float32) / np.float32(255)))


def paste(
    rng: np.random.Generator,
    layer: Layer,
    background: Rgb,
    *,
    share: tuple[float, float] = (0.35, 0.95),
) -> tuple[Rgb, Alpha]:
    """Lay a foreground on a background at a random size and place, sometimes with a cast shadow.

    Args:
        rng: the source of chance.
        layer: the foreground, cropped to its subject.
        background: uint8 (h, w, 3).
        share: smallest and largest share of the background's side that the foreground takes.

    Returns:
        The picture, uint8 (h, w, 3), and its alpha, float32 (h, w).
    """
    height, width = background.shape[:2]
    rows, columns = layer.alpha.shape
    scale = rng.uniform(*share) * min(width / columns, height / rows)
    size = max(4, round(columns * scale)), max(4, round(rows * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    rgb = cv2.resize(layer.rgb, size, interpolation=how).astype(np.float32)
    alpha = np.clip(cv2.resize(layer.alpha, size, interpolation=how), 0, 1)
    x = int(rng.integers(0, max(1, width - size[0] + 1)))
    y = int(rng.integers(0, max(1, height - size[1] + 1)))
    full = np.zeros((height, width), np.float32)
    full[y : y + size[1], x : x + size[0]] = alpha[: height - y, : width - x]
    picture = background.astype(np.float32)
    if rng.random() < 0.5:
        picture = picture * (1 - _shadow(rng, full))[..., None]
    window = picture[y : y + size[1], x : x + size[0]]
    a = alpha[: window.shape[0], : window.shape[1], None]
    window[:] = rgb[: window.shape[0], : window.shape[1]] * a + window * (1 - a)
    return np.clip(picture, 0, 255).astype(np.uint8), full


def _shadow(rng: np.random.Generator, alpha: Alpha) -> Alpha:
    height, width = alpha.shape
    right, down = rng.normal(0, 0.03) * width, abs(rng.normal(0, 0.03)) * height
    shift = np.array([[1, 0, right], [0, 1, down]], np.float32)
    moved = cv2.warpAffine(alpha, shift, (width, height))
    soft = cv2.GaussianBlur(moved, (0, 0), rng.uniform(1, 0.06 * width))
    return np.asarray(soft, np.float32) * np.float32(rng.uniform(0.1, 0.6))
