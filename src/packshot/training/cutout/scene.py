"""Composed training pictures: products with exact edges on any background, in its light and with shadows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Item
from packshot.training.cutout.target import CHANNELS, ONCE, PEOPLE_KINDS, Target, edge_weight, sure_layer
from packshot.training.data.backgrounds import Background, Backgrounds, pick
from packshot.training.data.compositing import Layer, crop_to_subject, draw_background_alike, draw_product
from packshot.training.data.openwork import draw_openwork
from packshot.values import Alpha, Rgb

__all__ = ["Scenes"]

Picture = NDArray[np.float32]

_OPENWORK = 0.2  # of the products: thin parts with the background between them, which the photos' masks show poorly


@dataclass(frozen=True, slots=True, eq=False)
class _Product:
    layer: Layer
    garment: bool | None  # None: nobody knows


class Scenes:
    """Draws scenes from the products and backgrounds of one split.

    Args:
        items: labelled pictures; what is not a whole product on its own (street photos) makes backgrounds only.
        backgrounds: what products are laid on.
    """

    def __init__(self, items: Sequence[Item], backgrounds: Backgrounds) -> None:
        self.backgrounds = backgrounds
        self.renders = [i for i in items if i.source == "renders"]
        self.studio = [i for i in items if i.source == "studio"]
        # Whoever outlines a chair fills the gaps of its back: the background in them would come along.
        elsewhere = {"renders", "studio", "ccp", "outlined"}
        self.photographed = [i for i in items if i.source not in elsewhere and i.label not in PEOPLE_KINDS]

    def draw(self, rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Rgb, Target]:
        """One scene.

        Args:
            rng: the source of chance.
            shape: (height, width) in pixels.
        """
        product = self._product(rng)
        alike = rng.random() < 0.12
        background = (
            Background(draw_background_alike(rng, product.layer, (shape[1], shape[0])), None)
            if alike
            else self.backgrounds.draw(rng, shape)
        )
        picture = background.rgb.astype(np.float32)
        alpha = np.zeros(shape, np.float32)
        garment = np.zeros(shape, np.float32)
        unknown = np.zeros(shape, bool)
        rival = background.person is not None
        # A person stays background only where the product clearly lies in front.
        share = (0.6, 0.98) if rival else (0.35, 0.97)
        count = 1 if rival or rng.random() < 0.85 else int(rng.integers(2, 4))
        for number in range(count):
            placed = _place(rng, product.layer, shape, share=share if count == 1 else (0.25, 0.55))
            if number and float((placed.alpha * alpha).sum()) > 0.3 * float(placed.alpha.sum()):
                continue  # would hide the one before
            picture = _laid(
                rng, picture, placed, shadow=rng.random() < 0.65, light=0.0 if alike else rng.uniform(0, 0.5)
            )
            garment = garment * (1 - placed.alpha) + placed.alpha * float(product.garment is True)
            unknown = np.where(placed.alpha > 0.05, product.garment is None, unknown)
            alpha = np.maximum(alpha, placed.alpha)
            product = self._product(rng)
        person = np.zeros(shape, np.float32) if background.person is None else background.person * (1 - alpha)
        values = np.stack([alpha, person, garment, np.zeros_like(alpha)], axis=2)
        weights = np.full((*shape, len(CHANNELS)), ONCE, np.uint8)
        weights[..., 0] = edge_weight(alpha)
        weights[unknown, 1:] = 0  # a shop's own cut-out may show a person, or what one wears
        if background.person is not None:  # what the person in the background wears was not looked up
            weights[..., 2:][background.person > 0] = 0
        return np.clip(picture, 0, 255).astype(np.uint8), Target(np.rint(255 * values).astype(np.uint8), weights)

    def _product(self, rng: np.random.Generator) -> _Product:
        if rng.random() < _OPENWORK:
            return _Product(draw_openwork(rng, self.backgrounds.scene(rng)), False)
        draw = rng.random()
        if draw < 0.15 or not (self.renders or self.studio or self.photographed):
            return _Product(draw_product(rng, self.backgrounds.scene(rng)), False)
        if draw < 0.55 and self.renders:
            item = pick(rng, self.renders)
        elif (draw < 0.65 and self.studio) or not self.photographed:
            item = pick(rng, self.studio or self.renders)
        else:
            item = pick(rng, self.photographed)
        rgb, alpha = item.pair()
        layer = crop_to_subject(Layer(rgb, sure_layer(item, alpha)))
        if rng.random() < 0.35 and item.source in {"studio", "clothing"}:
            turns = int(rng.integers(4))
            layer = Layer(np.rot90(layer.rgb, turns).copy(), np.rot90(layer.alpha, turns).copy())
        known = {"clothing": True, "objects": False, "renders": False, "studio": False} if item.published else {}
        return _Product(layer, known.get(item.source))


def _place(rng: np.random.Generator, layer: Layer, shape: tuple[int, int], *, share: tuple[float, float]) -> Layer:
    """The product alone on a canvas of the scene's size, turned a little, scaled, sometimes cut off by the edge."""
    height, width = shape
    rows, columns = layer.alpha.shape
    angle = np.deg2rad(rng.normal(0, 8) if rng.random() < 0.8 else rng.uniform(-180, 180))
    stretch = np.exp(rng.normal(0, 0.06))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([(-1.0 if rng.random() < 0.5 else 1.0) * stretch, 1 / stretch])
    corners = linear @ np.array([[0, columns, 0, columns], [0, 0, rows, rows]], float)
    across, down = np.ptp(corners[0]), np.ptp(corners[1])
    scale = rng.uniform(*share) * min(width / across, height / down)
    linear, across, down = linear * scale, across * scale, down * scale
    if rng.random() < 0.12:  # cut off
        x, y = rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height
    else:
        x = rng.uniform(across / 2, max(across / 2 + 1, width - across / 2))
        y = rng.uniform(down / 2, max(down / 2 + 1, height - down / 2))
    shift = np.array([x, y]) - linear @ np.array([columns / 2, rows / 2])
    rgb, alpha = layer.rgb, layer.alpha
    if scale < 0.6:
        factor = scale * 1.2
        size = (max(4, round(columns * factor)), max(4, round(rows * factor)))
        linear = linear @ np.diag([columns / size[0], rows / size[1]])
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        alpha = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    affine = np.concatenate([linear, shift[:, None]], axis=1).astype(np.float32)
    canvas = (width, height)
    return Layer(
        np.asarray(cv2.warpAffine(rgb, affine, canvas, borderMode=cv2.BORDER_REPLICATE), np.uint8),
        np.asarray(np.clip(cv2.warpAffine(alpha, affine, canvas), 0, 1), np.float32),
    )


def _laid(rng: np.random.Generator, picture: Picture, placed: Layer, *, shadow: bool, light: float) -> Picture:
    """The picture with the product on it, in the light of the place."""
    if shadow:
        picture = picture * (1 - _cast_shadow(rng, placed.alpha))[..., None]
        if rng.random() < 0.6:
            picture = picture * (1 - _contact_shadow(rng, placed.alpha))[..., None]
    colours = placed.rgb.astype(np.float32)
    inside = placed.alpha > 0.5
    if light and inside.any():
        gain = np.clip((picture.mean(axis=(0, 1)) + 10) / (colours[inside].mean(axis=0) + 10), 0.6, 1.5)
        colours = colours * (1 + light * (gain - 1))
    colours = colours * (rng.uniform(0.75, 1.2) * rng.uniform(0.94, 1.06, 3)).astype(np.float32)
    a = placed.alpha[..., None]
    return np.asarray(np.clip(colours, 0, 255) * a + picture * (1 - a), np.float32)


def _cast_shadow(rng: np.random.Generator, alpha: Alpha) -> Alpha:
    """Somewhere beside or below, sheared as by a low light, soft."""
    height, width = alpha.shape
    lean, squeeze = rng.normal(0, 0.35), rng.uniform(0.6, 1.0)
    rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
    foot = float(rows[-1]) if rows.size else height
    right, down = rng.normal(0, 0.03) * width, abs(rng.normal(0, 0.02)) * height
    affine = np.array([[1, -lean, lean * foot + right], [0, squeeze, (1 - squeeze) * foot + down]], np.float32)
    soft = cv2.GaussianBlur(cv2.warpAffine(alpha, affine, (width, height)), (0, 0), rng.uniform(1, 0.05 * width))
    return np.asarray(soft, np.float32) * np.float32(rng.uniform(0.1, 0.65))


def _contact_shadow(rng: np.random.Generator, alpha: Alpha) -> Alpha:
    """Dark and narrow where the product touches the background."""
    height, width = alpha.shape
    rows = np.flatnonzero(alpha.max(axis=1) > 0.5)
    if not rows.size:
        return np.zeros_like(alpha)
    foot, tall = rows[-1], rows[-1] - rows[0] + 1
    low = alpha.copy()
    low[: max(0, int(foot - 0.12 * tall))] = 0
    shift = np.array([[1, 0, 0], [0, 1, 0.015 * height]], np.float32)
    soft = cv2.GaussianBlur(cv2.warpAffine(low, shift, (width, height)), (0, 0), rng.uniform(1, 0.015 * width + 1))
    return np.asarray(soft, np.float32) * np.float32(rng.uniform(0.3, 0.85))
