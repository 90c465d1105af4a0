"""Products on their backgrounds, rectangular ones above all: what a careless detector takes for a frame."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.data.compositing import Layer, crop_to_subject, draw_background, draw_product, paste
from packshot.training.drawing.photos import cover
from packshot.training.drawing.settings import GeneratorSettings
from packshot.training.drawing.textures import colour, plain, wood
from packshot.training.drawing.words import write
from packshot.values import Box, Rgb

__all__ = ["as_seen", "draw_print", "draw_rectangle", "draw_studio", "draw_white_margin"]

_FACE = 512  # pixels, the longer side of a drawn face


def draw_white_margin(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A product of any outline on white, as marketplaces ask for it."""
    white = plain(size, rng.choice((255.0, 255.0, rng.uniform(235, 254))))
    return paste(rng, draw_product(rng, photo), white, share=(0.5, 0.97))[0]


def draw_studio(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A product of any outline on a background of any colour: even, shaded or mottled."""
    return paste(rng, draw_product(rng, photo), _background(rng, size, settings), share=(0.4, 0.97))[0]


def draw_rectangle(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A phone, a book or a box, straight or at any angle, on white or another background."""
    background = plain(size, 255.0) if rng.random() < 0.5 else _background(rng, size, settings)
    face = (_phone, _book, _box)[rng.integers(3)](rng, photo, settings)
    turn = rng.choice((rng.normal(0, 0.2), rng.uniform(-8, 8), rng.uniform(-180, 180)), p=(0.3, 0.3, 0.4))
    return paste(rng, as_seen(rng, face, turn=turn, skew=rng.choice((0.0, 0.06))), background, share=(0.55, 0.95))[0]


def draw_print(rng: np.random.Generator, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings) -> Rgb:
    """A framed print that is itself the product, photographed on a wall a little askew."""
    aspect = rng.uniform(0.65, 1.5)
    width, height = (_FACE, int(_FACE / aspect)) if aspect > 1 else (int(_FACE * aspect), _FACE)
    tones = (np.full(3, rng.uniform(5, 50)), np.full(3, rng.uniform(225, 250)), colour(rng, settings))
    wooden = rng.random() < 0.4
    rgb = wood(rng, (width, height), settings) if wooden else plain((width, height), tones[rng.integers(3)])
    edge = int(_FACE * rng.uniform(0.02, 0.07))
    mat = edge + int(_FACE * rng.choice((0.0, rng.uniform(0.02, 0.1))))
    rgb[edge:-edge, edge:-edge] = rng.uniform(225, 250)
    rgb[mat:-mat, mat:-mat] = cover(rng, photo, (width - 2 * mat, height - 2 * mat))
    for inset in (1, edge - 1):  # light falls on one edge of the moulding, shade on the other
        corners = (inset, inset), (width - 1 - inset, height - 1 - inset)
        cv2.rectangle(rgb, *corners, [float(v) for v in np.clip(rgb[1, 1] * rng.uniform(0.5, 1.3), 0, 255)], 2)
    tilt = rng.choice((-1, 1)) * rng.uniform(1, 6)
    layer = as_seen(rng, Layer(rgb, np.ones((height, width), np.float32)), turn=tilt, skew=0.03)
    return paste(rng, layer, _background(rng, size, settings), share=(0.5, 0.92))[0]


def _background(rng: np.random.Generator, size: tuple[int, int], settings: GeneratorSettings) -> Rgb:
    if rng.random() < 0.4:  # a background that an editor filled
        return plain(size, colour(rng, settings))
    return draw_background(rng, size)


def as_seen(rng: np.random.Generator, layer: Layer, *, turn: float, skew: float) -> Layer:
    """A flat thing as a camera sees it: turned by degrees, its corners moved by a share of its side."""
    height, width = layer.alpha.shape
    reach = int(np.hypot(width, height) * (1 + skew)) + 4
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = np.deg2rad(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)
    moved = corners + rng.uniform(-skew, skew, (4, 2)).astype(np.float32) * min(width, height)
    target = (moved - (width / 2, height / 2)) @ rotation.T + reach / 2
    matrix = cv2.getPerspectiveTransform(corners, np.asarray(target, np.float32))
    rgb = cv2.warpPerspective(layer.rgb, matrix, (reach, reach), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpPerspective(layer.alpha, matrix, (reach, reach), flags=cv2.INTER_LINEAR)
    return crop_to_subject(Layer(np.asarray(rgb, np.uint8), np.asarray(alpha, np.float32)))


def _phone(rng: np.random.Generator, photo: Rgb, settings: GeneratorSettings) -> Layer:
    width, height = int(_FACE * rng.uniform(0.45, 0.7)), _FACE
    if rng.random() < 0.25:
        width, height = height, width
    rgb = plain((width, height), np.full(3, rng.choice((rng.uniform(5, 40), rng.uniform(215, 250)))))
    side, end = int(width * rng.uniform(0.02, 0.07)), int(height * rng.uniform(0.02, 0.14))
    screen = cover(rng, photo, (width - 2 * side, height - 2 * end))
    rgb[end : height - end, side : width - side] = screen if rng.random() < 0.7 else screen // 8
    if end > 20:
        cv2.circle(rgb, (width // 2, height - end // 2), end // 4, [float(rng.uniform(40, 200))] * 3, 2, cv2.LINE_AA)
    slot = width // 10  # the loudspeaker, or on a phone without a bezel the notch around it
    middle = width // 2, max(end // 2, side + 2)
    cv2.line(rgb, (middle[0] - slot, middle[1]), (middle[0] + slot, middle[1]), [float(rng.uniform(5, 60))] * 3, 7)
    return Layer(rgb, _rounded_rectangle((width, height), int(min(width, height) * rng.uniform(0.05, 0.18))))


def _book(rng: np.random.Generator, photo: Rgb, settings: GeneratorSettings) -> Layer:
    width, height = int(_FACE * rng.uniform(0.6, 0.85)), _FACE
    rgb = plain((width, height), colour(rng, settings))
    top, bottom = sorted(int(v) for v in rng.uniform(0.0, 1.0, 2) * height)
    if bottom - top > height // 6:
        rgb[top:bottom] = cover(rng, photo, (width, bottom - top))
    if rng.random() < 0.3:
        rgb[:] = cover(rng, photo, (width, height))
    for place in rng.uniform(0.05, 0.8, 2):
        write(
            rng,
            rgb,
            Box(20, int(place * height), width - 20, int((place + 0.15) * height)),
            colour(rng, settings),
            settings,
        )
    spine = int(width * rng.uniform(0.02, 0.06))
    rgb[:, :spine] = (rgb[:, :spine] * 0.7).astype(np.uint8)
    # Without the edges of its pages a photo on a cover, seen from straight above, would be a photo with a margin.
    pages = plain((int(width * rng.uniform(0.03, 0.07)), height), rng.uniform(190, 240))
    pages[:, ::3] -= 60
    both = np.concatenate([rgb, pages], axis=1)
    return Layer(both, _rounded_rectangle((both.shape[1], height), int(rng.integers(2, 10))))


def _box(rng: np.random.Generator, photo: Rgb, settings: GeneratorSettings) -> Layer:
    width, height = int(_FACE * rng.uniform(0.5, 1)), int(_FACE * rng.uniform(0.5, 1))
    rgb = plain((width, height), colour(rng, settings))
    label = [
        int(v)
        for v in np.array([width, height, width, height]) * rng.uniform((0.05, 0.05, 0.6, 0.5), (0.3, 0.3, 0.95, 0.9))
    ]
    rgb[label[1] : label[3], label[0] : label[2]] = cover(rng, photo, (label[2] - label[0], label[3] - label[1]))
    write(rng, rgb, Box(10, label[3], width - 10, height - 2), colour(rng, settings), settings)
    depth = int(width * rng.uniform(0.05, 0.25))  # the side face, in shade
    side = cv2.resize(rgb[:, -depth:], (depth, height))
    both = np.concatenate([rgb, (side * rng.uniform(0.45, 0.8)).astype(np.uint8)], axis=1)
    return Layer(both, np.ones(both.shape[:2], np.float32))


def _rounded_rectangle(size: tuple[int, int], radius: int) -> NDArray[np.float32]:
    width, height = size
    alpha = np.zeros((height, width), np.uint8)
    cv2.rectangle(alpha, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(alpha, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(alpha, (x, y), radius, 255, -1, cv2.LINE_AA)
    return np.asarray(alpha, np.float32) / np.float32(255)
