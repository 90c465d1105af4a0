"""Unframed pictures, most of them with lines where frames have theirs."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.data.compositing import draw_background, draw_product, paste
from packshot.training.drawing.photos import cover
from packshot.training.drawing.products import draw_print, draw_rectangle, draw_studio, draw_white_margin
from packshot.training.drawing.settings import GeneratorSettings
from packshot.training.drawing.textures import Colour, colour, noise, plain, wood
from packshot.training.drawing.words import write
from packshot.values import AnyArray, Box, Rgb

__all__ = ["SceneKind", "draw_scene"]

Scene = Callable[[np.random.Generator, tuple[int, int], Rgb, GeneratorSettings], Rgb]


class SceneKind(StrEnum):
    """What a picture shows: framed or not, its negatives are meant to be hard."""

    PHOTO = "photo"
    #: A product on pure white, as marketplaces ask for it.
    WHITE_MARGIN = "white-margin"
    #: A product on a coloured or shaded studio background.
    STUDIO = "studio-ground"
    #: A phone, a book, a box.
    RECTANGLE = "rectangular-product"
    #: A framed print that is itself for sale, with its wall around it.
    PRINT = "framed-print"
    WINDOW = "window"
    SHELF = "shelf"
    FLOOR = "floor"
    VIGNETTE = "vignette"
    SCREENSHOT = "screenshot"
    DARK_SIDE = "dark-side"


def draw_scene(
    rng: np.random.Generator, kind: SceneKind, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings
) -> Rgb:
    """Draw an unframed picture.

    Args:
        rng: the source of chance.
        kind: what it shows.
        size: (width, height) in pixels.
        photo: uint8 (h, w, 3), what it is made from.
        settings: what may be drawn.

    Returns:
        uint8 (h, w, 3).
    """
    return _SCENES[kind](rng, size, photo, settings)


def _photo(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A photo, sometimes with words along its lower or upper edge and no band beneath them."""
    rgb = cover(rng, photo, size)
    if rng.random() < 0.15:
        width, height = size
        tall = max(8, int(height * rng.uniform(0.03, 0.1)))
        y = int(rng.choice((rng.integers(0, tall), height - tall - rng.integers(0, tall))))
        write(rng, rgb, Box(0, y, width, y + tall), colour(rng, settings), settings)
    return rgb


def _window(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A window or a door stands open: its frame near the picture's edges, never quite along them."""
    width, height = size
    view = cover(rng, photo, size)
    near, far = rng.uniform(-0.02, 0.14, (2, 4))
    lean = rng.choice((-1, 1), 4) * rng.uniform(0.02, 0.06, 4)
    outer = _leaning(np.minimum(near, far), lean, size)
    inner = _leaning(np.maximum(near, far) + rng.uniform(0.02, 0.06), lean, size)
    wall = draw_background(rng, size) if rng.random() < 0.6 else noise(rng, size, settings)
    wooden = rng.random() < 0.5
    frame = wood(rng, size, settings) if wooden else draw_background(rng, size)
    rgb = wall
    for quad, inside in ((outer, frame), (inner, view)):
        shape = np.zeros((height, width), np.uint8)
        cv2.fillPoly(shape, [np.round(quad * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        share = (shape / np.float32(255))[..., None]
        rgb = (inside * share + rgb * (1 - share)).astype(np.uint8)
    bar = max(2, int(min(size) * rng.uniform(0.01, 0.03)))
    tone = [float(v) for v in frame[height // 2, width // 2]]
    bars = rng.integers(3)  # upright, across, both
    if bars != 1:
        top, bottom = (inner[0] + inner[1]) / 2, (inner[2] + inner[3]) / 2
        cv2.line(rgb, top.astype(int).tolist(), bottom.astype(int).tolist(), tone, bar, cv2.LINE_AA)
    if bars != 0:
        left, right = (inner[0] + inner[3]) / 2, (inner[1] + inner[2]) / 2
        cv2.line(rgb, left.astype(int).tolist(), right.astype(int).tolist(), tone, bar, cv2.LINE_AA)
    return rgb


def _leaning(margins: AnyArray, lean: AnyArray, size: tuple[int, int]) -> NDArray[np.float32]:
    left, top, right, bottom = margins
    a, b, c, d = lean
    corners = [[left, top], [1 - right + a, top + b], [1 - right + c, 1 - bottom + d], [left + c, 1 - bottom + a]]
    return np.asarray(np.array(corners) * size, np.float32)


def _shelf(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """Boards across the picture, things standing on them, sometimes an upright at a side."""
    width, height = size
    big = (int(width * 1.15) + 2, int(height * 1.15) + 2)
    rgb = draw_background(rng, big)
    board = max(3, int(height * rng.uniform(0.02, 0.06)))
    boards = wood(rng, big, settings) if rng.random() < 0.6 else plain(big, colour(rng, settings))
    levels = np.linspace(0.08, 0.97, int(rng.integers(2, 5))) + rng.uniform(-0.03, 0.03)
    gap = (levels[1] - levels[0]) * big[1]
    for level in levels:
        y, x = int(level * big[1]), int(big[0] * 0.05)
        while x < big[0]:
            w, h = int(gap * rng.uniform(0.15, 0.6)) + 2, int(gap * rng.uniform(0.4, 0.85)) + 2
            w, h = min(w, big[0] - x), min(h, y)
            if w > 3 and h > 3 and rng.random() < 0.8:
                rgb[y - h : y, x : x + w] = cover(rng, photo, (w, h))
            x += w + int(gap * rng.uniform(0.02, 0.3))
        rgb[y : y + board] = boards[y : y + board]
    if rng.random() < 0.5:
        side = int(big[0] * rng.uniform(0.06, 0.2))
        rgb[:, :side] = boards[:, :side]
    return _askew(rng, rgb, size, rng.choice((-1, 1)) * rng.uniform(0.8, 2.5))


def _floor(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A product on a floor before a wall, with the line between them anywhere."""
    width, height = size
    big = (int(width * 1.15) + 2, int(height * 1.15) + 2)
    rgb = draw_background(rng, big)
    line = int(big[1] * rng.uniform(0.55, 0.92))
    wooden = rng.random() < 0.6
    background = wood(rng, big, settings) if wooden else draw_background(rng, big)
    rgb[line:] = background[line:]
    for place in np.linspace(-1, 2, int(rng.integers(6, 20))) if wooden else ():
        start, end = (int(big[0] * (0.5 + (place - 0.5) * 0.7)), line), (int(big[0] * place), big[1])
        cv2.line(rgb, start, end, (40, 30, 20), 1, cv2.LINE_AA)
    if rng.random() < 0.4:
        skirting = int(big[1] * rng.uniform(0.02, 0.06))
        rgb[line - skirting : line] = plain((big[0], skirting), rng.uniform(180, 250))
    rgb = _askew(rng, rgb, size, rng.choice((-1, 1)) * rng.uniform(0.8, 4))
    return paste(rng, draw_product(rng, photo), rgb, share=(0.5, 0.9))[0]


def _askew(rng: np.random.Generator, rgb: Rgb, size: tuple[int, int], degrees: float) -> Rgb:
    """The middle of a larger picture, turned a little, as nobody holds a camera straight."""
    width, height = size
    matrix = cv2.getRotationMatrix2D((rgb.shape[1] / 2, rgb.shape[0] / 2), degrees, 1.0)
    matrix[:, 2] += (width - rgb.shape[1]) / 2, (height - rgb.shape[0]) / 2
    turned = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8)


def _vignette(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """Corners and edges that a lens leaves darker, or light washes out; never quite, else it were a soft frame."""
    width, height = size
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    power = rng.choice((2.0, 4.0, 8.0))
    reach = (np.abs(xs) ** power + np.abs(ys) ** power) ** (1 / power)
    share = np.clip((reach - rng.uniform(0.4, 0.75)) / rng.uniform(0.3, 0.7), 0, 1)[..., None] * rng.uniform(0.3, 0.8)
    rgb = cover(rng, photo, size).astype(np.float32)
    tone: Colour = np.full(3, rng.choice((0.0, 0.0, 255.0)), np.float32)
    return np.clip(rgb * (1 - share) + tone * share, 0, 255).astype(np.uint8)


def _screenshot(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A page with its bar, words and cards: straight edges everywhere, none of them a frame."""
    width, height = size
    dark = rng.random() < 0.3
    page, ink = (rng.uniform(15, 45), 225.0) if dark else (rng.uniform(240, 255), 40.0)
    rgb = plain(size, page)
    line = max(8, int(height * rng.uniform(0.035, 0.07)))
    rgb[:line] = plain((width, line), colour(rng, settings) if rng.random() < 0.6 else page)
    tone = np.full(3, ink, np.float32)
    write(rng, rgb, Box(line // 2, 0, width // 2, line), tone, settings)
    # Several cards in a row, each with its words: one large picture under a bar would be a framed one.
    columns, gap = int(rng.integers(2, 5)), max(3, int(width * rng.uniform(0.02, 0.06)))
    columns = max(columns, math.ceil(2 * width / height))
    side = (width - gap * (columns + 1)) // columns
    y = line + gap
    while y < height - 8 and side > 8:
        tall = int(side * rng.uniform(0.6, 1.3))
        for column in range(columns):
            x = gap + column * (side + gap)
            card = cover(rng, photo, (side, tall))[: height - y]
            if rng.random() < 0.85:
                rgb[y : y + tall, x : x + side] = card
            for row in range(2):
                top = y + tall + row * line
                if top + line < height:
                    write(rng, rgb, Box(x, top, x + side, top + line), tone, settings)
        y += tall + 2 * line + gap
    return rgb


def _dark_side(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A shadow, a curtain or a piece of furniture along one side: soft, or hard and leaning."""
    width, height = size
    ys, xs = np.mgrid[: 1 : height * 1j, : 1 : width * 1j]
    across, along = ((xs, ys), (1 - xs, ys), (ys, xs), (1 - ys, xs))[rng.integers(4)]
    hard = rng.random() < 0.5
    lean = rng.choice((-1, 1)) * rng.uniform(0.03, 0.12) if hard else rng.normal(0, 0.05)
    soft = 2.0 / min(size) if hard else rng.uniform(0.04, 0.15)
    share = np.clip((rng.uniform(0.06, 0.28) + lean * along - across) / soft + 0.5, 0, 1)[..., None]
    rgb = cover(rng, photo, size).astype(np.float32)
    dark = rgb * rng.uniform(0.05, 0.3) if rng.random() < 0.5 else draw_background(rng, size) * 0.25
    return np.clip(rgb * (1 - share) + dark * share, 0, 255).astype(np.uint8)


_SCENES: dict[SceneKind, Scene] = {
    SceneKind.PHOTO: _photo,
    SceneKind.WHITE_MARGIN: draw_white_margin,
    SceneKind.STUDIO: draw_studio,
    SceneKind.RECTANGLE: draw_rectangle,
    SceneKind.PRINT: draw_print,
    SceneKind.WINDOW: _window,
    SceneKind.SHELF: _shelf,
    SceneKind.FLOOR: _floor,
    SceneKind.VIGNETTE: _vignette,
    SceneKind.SCREENSHOT: _screenshot,
    SceneKind.DARK_SIDE: _dark_side,
}
