"""Products with print on them: the words that belong to the photo, and are no overlay."""

from __future__ import annotations

import cv2
import numpy as np

from packshot.training.data.compositing import Layer, draw_background, draw_product, paste
from packshot.training.drawing.photos import cover
from packshot.training.drawing.products import as_seen
from packshot.training.drawing.textures import colour, gradient, plain
from packshot.training.overlay.drawing.hand import Hand
from packshot.training.overlay.drawing.marks import draw_mark
from packshot.training.overlay.drawing.sample import OverlayKind
from packshot.training.overlay.drawing.sheet import Sheet
from packshot.values import Rgb

__all__ = ["draw_packaging", "draw_printed_photo"]

_FACE = 288  # pixels, the longer side of a drawn face
_PRINT = (OverlayKind.TEXT, OverlayKind.LOGO, OverlayKind.PLATE, OverlayKind.BADGE, OverlayKind.LIST)


def draw_packaging(hand: Hand, size: tuple[int, int], photo: Rgb) -> Rgb:
    """A printed box, bag, bottle or screen on white or another background.

    Args:
        hand: chance, fonts and settings.
        size: (width, height) in pixels.
        photo: uint8 (h, w, 3), for the pictures on it.

    Returns:
        uint8 (h, w, 3).
    """
    rng = hand.rng
    aspect = float(np.exp(rng.uniform(-0.9, 0.5)))  # width to height: packages stand more often than they lie
    face = (round(_FACE * min(1, aspect)), round(_FACE * min(1, 1 / aspect)))
    rgb = _printed(hand, _face(hand, face, photo), least=2, most=8)
    if rng.random() < 0.35:  # an outline of its own cuts through the print
        layer = draw_product(rng, rgb)
    else:
        layer = Layer(_lit(rng, rgb), np.ones(rgb.shape[:2], np.float32))
        turn = rng.choice(
            (0.0, rng.normal(0, 3), rng.uniform(-40, 40), rng.uniform(-180, 180)), p=(0.25, 0.35, 0.25, 0.15)
        )
        layer = as_seen(rng, layer, turn=float(turn), skew=float(rng.choice((0.0, 0.05, 0.12))))
    background = plain(size, 255.0) if rng.random() < 0.55 else draw_background(rng, size)
    return paste(rng, layer, background, share=(0.55, 0.98))[0]


def draw_printed_photo(hand: Hand, size: tuple[int, int], photo: Rgb) -> Rgb:
    """A photo whose product has words or a sign printed on it, leaning and lit as the product is.

    Args:
        hand: chance, fonts and settings.
        size: (width, height) in pixels.
        photo: uint8 (h, w, 3).

    Returns:
        uint8 (h, w, 3).
    """
    rng = hand.rng
    rgb = cover(rng, photo, size)
    sheet = Sheet((_FACE, _FACE))
    for _ in range(int(rng.integers(1, 3))):
        draw_mark(hand, _PRINT[int(rng.integers(2))], sheet)
    white = sheet.over(np.full((_FACE, _FACE, 3), 255, np.uint8))
    side = rng.uniform(0.25, 0.6) * min(size)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * side + rng.normal(0, 0.06 * side, (4, 2))
    angle = np.deg2rad(rng.choice((rng.normal(0, 12), rng.uniform(-90, 90))))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(size) * rng.uniform(0.38, 0.62, 2)
    target = np.asarray((corners - side / 2) @ turn.T + middle, np.float32)
    source = np.array([[0, 0], [_FACE, 0], [_FACE, _FACE], [0, _FACE]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    ink = cv2.warpPerspective(white, matrix, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    covers = cv2.warpPerspective(sheet.mask.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR)
    covers = cv2.GaussianBlur(covers, (0, 0), rng.uniform(0.4, 1.2))[..., None] * rng.uniform(0.6, 0.95)
    light = cv2.GaussianBlur(rgb, (0, 0), 3).astype(np.float32).mean(axis=2, keepdims=True)
    shade = np.clip(light / max(1.0, float(light.mean())), 0.4, 1.3)
    return np.clip(rgb * (1 - covers) + ink * shade * covers, 0, 255).astype(np.uint8)


def _face(hand: Hand, size: tuple[int, int], photo: Rgb) -> Rgb:
    """What is printed upon: a colour, a gradient, a photo, or a photo on a colour."""
    rng, drawn = hand.rng, hand.rng.random()
    tone = np.full(3, rng.uniform(200, 255), np.float32) if rng.random() < 0.35 else colour(rng, hand.settings)
    if drawn < 0.2:
        return gradient(rng, size, hand.settings)
    if drawn < 0.4:
        return cover(rng, photo, size)
    rgb = plain(size, tone)
    if drawn < 0.75:
        low, high = sorted(rng.uniform(0, 1, 2))
        top, bottom = int(low * size[1]), max(int(low * size[1]) + 8, int(high * size[1]))
        rgb[top:bottom] = cover(rng, photo, (size[0], rgb[top:bottom].shape[0]))
    return rgb


def _printed(hand: Hand, rgb: Rgb, *, least: int, most: int) -> Rgb:
    below = Hand(hand.rng, hand.fonts, hand.settings, rgb.reshape(-1, 3).mean(axis=0).astype(np.float32))
    sheet = Sheet((rgb.shape[1], rgb.shape[0]))
    for _ in range(int(hand.rng.integers(least, most + 1))):
        draw_mark(below, _PRINT[int(hand.rng.integers(len(_PRINT)))], sheet)
    return sheet.over(rgb)


def _lit(rng: np.random.Generator, rgb: Rgb) -> Rgb:
    """Light that falls off across the face, in some as on a cylinder."""
    across = np.linspace(-1, 1, rgb.shape[1], dtype=np.float32)
    round_off = np.sqrt(np.clip(1 - (across * 0.95) ** 2, 0, 1)) if rng.random() < 0.3 else np.ones_like(across)
    light = round_off * (1 + rng.uniform(-0.25, 0.25) * across) * rng.uniform(0.7, 1.05)
    return np.clip(rgb * light[None, :, None], 0, 255).astype(np.uint8)
