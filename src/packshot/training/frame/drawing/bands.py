"""Frames of every kind, drawn around a picture, with the exact box of what they leave of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.drawing.photos import cover
from packshot.training.drawing.settings import GeneratorSettings
from packshot.training.drawing.textures import Texture, colour, dots, gradient, noise, plain, stripes, wood
from packshot.training.drawing.words import letter
from packshot.training.frame.drawing.edges import bevel, lay_softly
from packshot.training.frame.drawing.sample import FrameKind, Sides
from packshot.values import Box, Rgb

__all__ = ["Framed", "draw_frame"]

#: What draws the picture at a size (width, height): uint8 (h, w, 3).
Picture = Callable[[tuple[int, int]], Rgb]

_SEEN = 32  # levels by which frame and picture differ where a person sees an edge
_SEEN_ALONG = 0.5  # of a side, at least: less is no frame anybody could find


_BAR = (0.02, 0.24)  # of the side, a bar that makes a picture fit a format
_SOFTEST = 0.08  # of the shorter side, the even part of a soft edge: the rest fades

_TEXTURES: dict[FrameKind, Texture] = {
    FrameKind.GRADIENT: gradient,
    FrameKind.STRIPES: stripes,
    FrameKind.DOTS: dots,
    FrameKind.WOOD: wood,
    FrameKind.NOISE: noise,
}
_OF_ANYTHING = {FrameKind.UNEVEN, FrameKind.ONE_SIDE, FrameKind.LETTERBOX, FrameKind.ROUNDED}
_MOSTLY_WHITE = {FrameKind.SOFT, FrameKind.SHADOW, FrameKind.LETTERBOX}


@dataclass(frozen=True, slots=True, eq=False)
class Framed:
    """A picture with its frame, before it is delivered.

    Attributes:
        rgb: uint8 (h, w, 3).
        inner_box: the largest part without a pixel of the frame.
        sides: the frame's thickness at the middle of each side, pixels.
        seen: the edge between frame and picture can be seen along each side.
    """

    rgb: Rgb
    inner_box: Box
    sides: Sides
    seen: bool


def draw_frame(
    rng: np.random.Generator,
    kind: FrameKind,
    picture: Picture,
    size: tuple[int, int],
    *,
    photo: Rgb,
    settings: GeneratorSettings,
    thinnest: int = 2,
) -> Framed:
    """Draw a frame around a picture, which is shrunk into it or covered by it.

    Args:
        rng: the source of chance.
        kind: of frame.
        picture: draws what is to be framed, at the size it is asked for.
        size: (width, height) of the whole, pixels.
        photo: uint8 (h, w, 3), for bands filled with a blurred photo.
        settings: what may be drawn.
        thinnest: band or line, pixels.
    """
    sides = _sides(rng, kind, size, settings, thinnest)
    inner = Box(sides.left, sides.top, size[0] - sides.right, size[1] - sides.bottom)
    canvas = _fill(rng, kind, size, photo, settings)
    if kind is FrameKind.INSET_LINES:
        return _inset_lines(rng, picture(size), inner, sides, settings, thinnest=thinnest)
    if kind is FrameKind.BEVEL:
        whole = picture(size)
        rgb = bevel(rng, whole, inner, sides)
        return Framed(rgb, inner, sides, _changed_around(rgb, whole, inner))
    covered = rng.random() < 0.5
    inside = picture(size)[inner.slices] if covered else picture(inner.size)
    if kind is FrameKind.SHADOW:
        canvas = _with_shadow(rng, canvas, inner, sides)
    if kind is FrameKind.TEXT:
        letter(rng, canvas, inner, settings)
    if kind is FrameKind.DOUBLE_LINES:
        _line_around(rng, canvas, inner, sides, settings)
    rgb, box = canvas.copy(), inner
    if kind is FrameKind.ROUNDED:
        box = _paste_rounded(rng, rgb, inside, inner)
    elif kind is FrameKind.SOFT:
        box, fade = lay_softly(rng, rgb, inside, inner)
        sides = Sides(*(side + fade for side in astuple(sides)))
    else:
        rgb[inner.slices] = inside
    return Framed(rgb, box, sides, _is_seen(canvas[inner.slices], inside, sides))


def _sides(
    rng: np.random.Generator, kind: FrameKind, size: tuple[int, int], settings: GeneratorSettings, thinnest: int
) -> Sides:
    def widths(count: int, low: float = 0.0) -> NDArray[np.float64]:
        least, most = max(low, settings.width[0]), settings.width[1]
        return np.exp(rng.uniform(math.log(least), math.log(most), count))

    across, down = size
    low = {
        FrameKind.TEXT: 0.05,
        FrameKind.SHADOW: 0.03,
        FrameKind.BLURRED_PHOTO: 0.03,
        FrameKind.INSET_LINES: 0.025,
        FrameKind.BEVEL: 0.025,
    }.get(kind, 0.0)
    share = np.full(4, widths(1, low)[0])
    if kind is FrameKind.UNEVEN:
        share = widths(4)
    elif kind is FrameKind.POLAROID:
        share = rng.uniform(0.03, 0.07) * np.array((1, 1, 1, rng.uniform(2.2, 2.8)))
    elif kind is FrameKind.ONE_SIDE or (kind is FrameKind.TEXT and rng.random() < 0.4):
        share = widths(1, low or 0.02)[0] * np.eye(4)[int(rng.choice(4, p=(0.15, 0.3, 0.15, 0.4)))]
    elif kind is FrameKind.LETTERBOX or (kind in {FrameKind.TEXT, FrameKind.BLURRED_PHOTO} and rng.random() < 0.4):
        if kind is FrameKind.LETTERBOX:  # bars of a picture that was not centred are uneven
            count = 4 if rng.random() < 0.5 else 1
            share = np.exp(rng.uniform(math.log(_BAR[0]), math.log(_BAR[1]), count)) * np.ones(4)
        share = share * rng.permutation((0, 1))[[0, 1, 0, 1]]
    elif kind is FrameKind.TEXT and rng.random() < 0.5:  # a title card
        share = np.append(widths(3, 0.02), rng.uniform(0.1, 0.22))
    elif kind is FrameKind.SHADOW and rng.random() < 0.5:  # the shadow alone makes the border
        share = widths(1)[0] * rng.uniform(0.5, 1) * np.array((0, 0, 1, 1))
    elif kind is FrameKind.SOFT:
        share = np.minimum(share, _SOFTEST)
    # An editor's frame is as wide on every side in pixels; bars follow the side they take from.
    of = np.array((across, down, across, down)) if (share == 0).any() else np.full(4, min(size))
    return Sides(*(max(thinnest, round(float(v))) if v > 0 else 0 for v in share * of))


def _fill(
    rng: np.random.Generator, kind: FrameKind, size: tuple[int, int], photo: Rgb, settings: GeneratorSettings
) -> Rgb:
    """The canvas a picture is laid on."""
    if kind is FrameKind.BLURRED_PHOTO:
        soft = cv2.GaussianBlur(cover(rng, photo, size), (0, 0), max(size) * rng.uniform(0.015, 0.04))
        return np.clip(soft * rng.uniform(0.5, 1.1), 0, 255).astype(np.uint8)
    texture = _TEXTURES.get(kind)
    if kind in _OF_ANYTHING and rng.random() < 0.2:
        texture = list(_TEXTURES.values())[int(rng.integers(len(_TEXTURES)))]
    if texture is not None:
        return texture(rng, size, settings)
    if kind is FrameKind.WHITE or (kind in _MOSTLY_WHITE and rng.random() < 0.5):
        return plain(size, rng.choice((255.0, 255.0, rng.uniform(235, 254))))
    if kind is FrameKind.POLAROID:
        return plain(size, rng.uniform(232, 252) + rng.normal(0, 3, 3).astype(np.float32))
    if kind is FrameKind.BLACK:
        return plain(size, rng.choice((0.0, 0.0, rng.uniform(1, 25))))
    black_or_white = kind is not FrameKind.PLAIN and rng.random() < 0.5
    return plain(size, rng.choice((0.0, 255.0)) if black_or_white else colour(rng, settings))


def _changed_around(rgb: Rgb, before: Rgb, box: Box) -> bool:
    """Whether the pixels around a box were changed so that a person sees an edge."""
    rows, columns = box.slices
    around = (rows, box.x0 - 1), (box.y0 - 1, columns), (rows, box.x1), (box.y1, columns)
    return all(_differ(rgb[place], before[place]) for place in around)


def _with_shadow(rng: np.random.Generator, canvas: Rgb, inner: Box, sides: Sides) -> Rgb:
    """The picture's shadow on its mount."""
    shape = np.zeros(canvas.shape[:2], np.float32)
    band, alone = max(astuple(sides)), sides.left == 0
    down, right = (int(band * v) for v in rng.uniform(*((0.2, 0.6) if alone else (-0.1, 0.3)), 2))
    shape[max(0, inner.y0 + down) : inner.y1 + down, max(0, inner.x0 + right) : inner.x1 + right] = rng.uniform(
        0.3, 0.8
    )
    soft = cv2.GaussianBlur(shape, (0, 0), max(1.0, band * rng.uniform(0.08, 0.25)))[..., None]
    return np.asarray(canvas * (1 - soft), np.uint8)


def _line_around(rng: np.random.Generator, canvas: Rgb, inner: Box, sides: Sides, settings: GeneratorSettings) -> None:
    """A second line, along the picture or within the band."""
    band = min(astuple(sides))
    thick = max(1, round(band * rng.uniform(0.1, 0.35)))
    offset = rng.choice((0, max(0, round((band - thick) * rng.uniform(0.2, 0.8)))))
    tone = plain((1, 1), colour(rng, settings))[0, 0]
    x0, y0, x1, y1 = inner.x0 - offset, inner.y0 - offset, inner.x1 + offset, inner.y1 + offset
    ring = np.zeros(canvas.shape[:2], np.bool_)
    ring[y0 - thick : y1 + thick, x0 - thick : x1 + thick] = True
    ring[y0:y1, x0:x1] = False
    canvas[ring] = tone


def _inset_lines(
    rng: np.random.Generator, rgb: Rgb, inner: Box, sides: Sides, settings: GeneratorSettings, *, thinnest: int
) -> Framed:
    """One or two lines at a distance from the edges, the picture going on outside them."""
    before = rgb
    thick = max(thinnest, round(min(rgb.shape[:2]) * rng.uniform(0.006, 0.015)))
    thick = min(thick, *astuple(sides))
    tone = rng.choice(np.array([[0.0] * 3, [255.0] * 3, colour(rng, settings)]))
    twice = rng.random() < 0.4 and min(astuple(sides)) > 4 * thick
    lines = np.zeros(rgb.shape[:2], np.bool_)
    for offset in (0, 2 * thick) if twice else (0,):
        x0, y0, x1, y1 = inner.x0 - offset, inner.y0 - offset, inner.x1 + offset, inner.y1 + offset
        ring = np.zeros_like(lines)
        ring[y0 - thick : y1 + thick, x0 - thick : x1 + thick] = True
        ring[y0:y1, x0:x1] = False
        lines |= ring
    rgb = before.copy()
    rgb[lines] = plain((1, 1), np.asarray(tone, np.float32))[0, 0]
    canvas = plain((rgb.shape[1], rgb.shape[0]), np.asarray(tone, np.float32))
    return Framed(rgb, inner, sides, _is_seen(canvas[inner.slices], before[inner.slices], sides))


def _paste_rounded(rng: np.random.Generator, canvas: Rgb, inside: Rgb, inner: Box) -> Box:
    """Lay a picture with rounded corners on its canvas; the box that stays within them."""
    width, height = inner.size
    radius = max(3, round(min(inner.size) * rng.uniform(0.03, 0.14)))
    # Within a corner's square a pixel belongs to the picture if its middle lies within the arc.
    steps = np.arange(radius) + 0.5
    share = np.clip(radius - np.hypot(radius - steps[:, None], radius - steps[None]) + 0.5, 0, 1).astype(np.float32)
    alpha = np.ones((height, width), np.float32)
    for rows, columns, corner in (
        (slice(0, radius), slice(0, radius), share),
        (slice(0, radius), slice(width - radius, width), share[:, ::-1]),
        (slice(height - radius, height), slice(0, radius), share[::-1]),
        (slice(height - radius, height), slice(width - radius, width), share[::-1, ::-1]),
    ):
        alpha[rows, columns] = corner
    window = canvas[inner.slices]
    window[:] = (inside * alpha[..., None] + window * (1 - alpha[..., None]) + 0.5).astype(np.uint8)
    inset = int(np.argmax(np.diag(share) >= 1)) if (np.diag(share) >= 1).any() else radius
    return Box(inner.x0 + inset, inner.y0 + inset, inner.x1 - inset, inner.y1 - inset)


def _is_seen(frame: Rgb, inside: Rgb, sides: Sides) -> bool:
    """Whether picture and frame differ along every side that has a band; `frame` is the canvas beneath it."""
    views = ((frame[:, 0], inside[:, 0]), (frame[0], inside[0]), (frame[:, -1], inside[:, -1]), (frame[-1], inside[-1]))
    return all(_differ(*view) for view, side in zip(views, astuple(sides), strict=True) if side)


def _differ(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> bool:
    """Whether two lines of pixels, uint8 (n, 3), differ so that a person sees an edge between them."""
    return bool((np.abs(first.astype(np.int16) - second).max(axis=1) > _SEEN).mean() >= _SEEN_ALONG)
