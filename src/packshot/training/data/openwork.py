"""Invented products that one can look through: chairs with spindles, racks, wheels, candlesticks, thin legs."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.training.data.compositing import Layer, crop_to_subject
from packshot.values import AnyArray, Rgb

__all__ = ["draw_openwork"]

Canvas = NDArray[np.uint8]
Points = NDArray[np.float64]

_SIDE = 384  # pixels of the picture
_OVER = 2  # outlines are drawn at so many times that
_FULL = _SIDE * _OVER
_BITS = 4  # of a coordinate behind the point


def draw_openwork(rng: np.random.Generator, texture: Rgb) -> Layer:
    """A product of thin parts with the background between them, and its exact opacity.

    Photos of such things are where a teacher's masks are poorest: it fills what lies between spindles and loses legs.

    Args:
        rng: the source of chance.
        texture: uint8 (h, w, 3), what the parts are made of.
    """
    shape = np.zeros((_FULL, _FULL), np.uint8)
    kinds: tuple[Callable[[np.random.Generator, Canvas], None], ...] = (_chair, _rack, _wheels, _branches, _legged)
    kinds[int(rng.integers(len(kinds)))](rng, shape)
    turn = cv2.getRotationMatrix2D((_FULL / 2, _FULL / 2), float(rng.normal(0, 8)), float(rng.uniform(0.85, 1.0)))
    lean = rng.normal(0, 0.08)
    turn[0] += lean * turn[1]
    shape = np.asarray(cv2.warpAffine(shape, turn, (_FULL, _FULL)), np.uint8)
    opacity = np.asarray(cv2.resize(shape, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32)
    return crop_to_subject(Layer(_shaded(rng, texture, opacity / 255), opacity / np.float32(255)))


def _chair(rng: np.random.Generator, shape: Canvas) -> None:
    """A back of spindles in a frame, a seat, legs with rungs."""
    left, right = rng.uniform(0.15, 0.3), rng.uniform(0.7, 0.85)
    top, seat, foot = rng.uniform(0.05, 0.15), rng.uniform(0.45, 0.6), rng.uniform(0.88, 0.97)
    thick = rng.uniform(0.012, 0.035)
    spread = rng.uniform(-0.05, 0.08)
    if rng.random() < 0.5:
        _curve(
            shape,
            [(left, seat), (left - spread, 2 * top - seat), (right + spread, 2 * top - seat), (right, seat)],
            thick,
        )
    else:
        _curve(shape, [(left, seat), (left - spread, top)], thick)
        _curve(shape, [(right, seat), (right + spread, top)], thick)
        _curve(
            shape,
            [(left - spread, top), (0.5, top - rng.uniform(0, 0.06)), (right + spread, top)],
            thick * rng.uniform(1, 3),
        )
    count = int(rng.integers(3, 9))
    for place in np.linspace(0.08, 0.92, count):
        x = left + (right - left) * place
        high = top + rng.uniform(0.01, 0.04) if rng.random() < 0.8 else top + 0.1
        _curve(shape, [(x, seat), (0.5 + (x - 0.5) * (1 + spread), high)], thick * rng.uniform(0.3, 0.7))
    deep = rng.uniform(0.03, 0.08)
    _fill(shape, [(left - 0.02, seat), (right + 0.02, seat), (right + 0.04, seat + deep), (left - 0.04, seat + deep)])
    for x in (left, right, left + rng.uniform(0.08, 0.15), right - rng.uniform(0.08, 0.15)):
        out = (x - 0.5) * rng.uniform(0.0, 0.25)
        _curve(shape, [(x, seat + deep), (x + out, foot - rng.uniform(0, 0.06))], thick * rng.uniform(0.6, 1.1))
    for _ in range(int(rng.integers(0, 3))):
        y = rng.uniform(seat + deep + 0.05, foot - 0.08)
        _curve(shape, [(left, y), (right, y)], thick * rng.uniform(0.4, 0.8))


def _rack(rng: np.random.Generator, shape: Canvas) -> None:
    """A frame with bars, wires or a mesh: baskets, racks, cots, fans' guards."""
    left, right, top, foot = (
        rng.uniform(0.05, 0.2),
        rng.uniform(0.8, 0.95),
        rng.uniform(0.05, 0.3),
        rng.uniform(0.7, 0.95),
    )
    thick = rng.uniform(0.01, 0.03)
    taper = rng.uniform(0, 0.15)
    corners = [(left, top), (right, top), (right - taper, foot), (left + taper, foot)]
    if rng.random() < 0.3:
        _ring(shape, ((left + right) / 2, (top + foot) / 2), (right - left) / 2, (foot - top) / 2, thick)
    else:
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            _curve(shape, [start, end], thick)
    for place in np.linspace(0, 1, int(rng.integers(4, 14)))[1:-1]:
        x = left + (right - left) * place
        _curve(shape, [(x, top), (0.5 + (x - 0.5) * (1 - 2 * taper), foot)], thick * rng.uniform(0.25, 0.6))
    if rng.random() < 0.5:
        for y in np.linspace(top, foot, int(rng.integers(3, 9)))[1:-1]:
            _curve(shape, [(left + 0.02, y), (right - 0.02, y)], thick * rng.uniform(0.25, 0.6))
    if rng.random() < 0.4:  # a handle above
        _curve(shape, [(left + 0.1, top), (0.5, top - rng.uniform(0.2, 0.4)), (right - 0.1, top)], thick)


def _wheels(rng: np.random.Generator, shape: Canvas) -> None:
    """One or two wheels with spokes, joined by a frame."""
    two = rng.random() < 0.6
    radius = rng.uniform(0.16, 0.22) if two else rng.uniform(0.3, 0.45)
    middles = [(0.05 + radius, 0.9 - radius), (0.95 - radius, 0.9 - radius)] if two else [(0.5, 0.5)]
    thick = rng.uniform(0.01, 0.03)
    spokes = int(rng.integers(5, 25))
    for x, y in middles:
        _ring(shape, (x, y), radius, radius, thick)
        for angle in np.arange(spokes) * 2 * np.pi / spokes + rng.uniform(0, 1):
            end = (x + radius * np.cos(angle), y + radius * np.sin(angle))
            _curve(shape, [(x, y), end], thick * rng.uniform(0.15, 0.5))
        _fill_ellipse(shape, (x, y), rng.uniform(0.01, 0.04), rng.uniform(0.01, 0.04))
    if two:
        joints = [middles[0], (0.5 + rng.normal(0, 0.05), 0.85), middles[1], (0.65, 0.4), (0.35, 0.4)]
        for one, other in ((0, 1), (1, 3), (3, 2), (1, 4), (4, 0), (4, 3)):
            _curve(shape, [joints[one], joints[other]], thick * rng.uniform(0.7, 1.4))
        _curve(shape, [(0.65, 0.4), (0.68, 0.25), (0.75, 0.27)], thick)
        _fill_ellipse(shape, (0.35, 0.36), 0.07, 0.02)


def _branches(rng: np.random.Generator, shape: Canvas) -> None:
    """Arms from a stem, with something at each end: candlesticks, chandeliers, plants, trees of jewellery."""
    thick, foot = rng.uniform(0.012, 0.04), rng.uniform(0.85, 0.95)
    head = rng.uniform(0.15, 0.4)
    sway = rng.normal(0, 0.05)
    _curve(shape, [(0.5, foot), (0.5 + sway, (foot + head) / 2), (0.5, head)], thick)
    if rng.random() < 0.7:
        _fill_ellipse(shape, (0.5, foot), rng.uniform(0.08, 0.22), rng.uniform(0.02, 0.08))
    even = rng.random() < 0.6
    plant = rng.random() < 0.4
    for pair in range(int(rng.integers(1, 7))):
        reach, start = rng.uniform(0.12, 0.42), rng.uniform(head, foot - 0.2)
        rise = head + (rng.uniform(-0.1, 0.05) if even else rng.uniform(-0.1, 0.4))
        for side in (-1, 1):
            if not even:
                reach, start = rng.uniform(0.12, 0.42), rng.uniform(head, foot - 0.2)
            tip = (0.5 + side * reach, rise)
            _curve(
                shape,
                [(0.5 + sway / 2, start), (tip[0], start + rng.uniform(-0.05, 0.15)), tip],
                thick * rng.uniform(0.3, 0.8),
            )
            if plant:
                for _ in range(int(rng.integers(1, 5))):
                    place = tip[0] + rng.normal(0, 0.04), tip[1] + rng.normal(0, 0.05)
                    _leaf(rng, shape, place)
            else:
                wide = rng.uniform(0.01, 0.035)
                _fill(
                    shape,
                    [
                        (tip[0] - wide, tip[1]),
                        (tip[0] + wide, tip[1]),
                        (tip[0] + wide, tip[1] - 0.12),
                        (tip[0] - wide, tip[1] - 0.12),
                    ],
                )
        if pair == 0 and plant:
            _fill_ellipse(shape, (0.5, foot), 0.15, 0.08)


def _legged(rng: np.random.Generator, shape: Canvas) -> None:
    """A body on thin jointed legs, some with feelers: tripods, lamps, toys, insects."""
    x, y = 0.5, rng.uniform(0.35, 0.5)
    parts = int(rng.integers(1, 4))
    long = rng.uniform(0.08, 0.2)
    for part in range(parts):
        place = x + (part - (parts - 1) / 2) * long * 1.3, y + rng.normal(0, 0.02)
        _fill_ellipse(shape, place, long * rng.uniform(0.5, 0.9), long * rng.uniform(0.3, 0.8))
    thick = rng.uniform(0.006, 0.02)
    for side in (-1, 1):
        for _ in range(int(rng.integers(2, 5))):
            hip = x + side * rng.uniform(0, parts * long * 0.5), y + 0.02
            knee = hip[0] + side * rng.uniform(0.03, 0.2), hip[1] + rng.uniform(-0.12, 0.15)
            toe = knee[0] + side * rng.uniform(0.0, 0.15), knee[1] + rng.uniform(0.12, 0.3)
            for start, end in ((hip, knee), (knee, toe)):
                _curve(shape, [start, end], thick * rng.uniform(0.6, 1.2))
    if rng.random() < 0.5:
        for side in (-1, 1):
            start = x + side * parts * long * 0.4, y - 0.02
            bend = start[0] + side * 0.1, start[1] - 0.15
            tip = start[0] + side * rng.uniform(0.15, 0.3), start[1] + rng.uniform(-0.25, -0.05)
            _curve(shape, [start, bend, tip], thick * 0.5)


def _leaf(rng: np.random.Generator, shape: Canvas, place: tuple[float, float]) -> None:
    axes = tuple(int(v * _FULL) for v in (rng.uniform(0.02, 0.07), rng.uniform(0.008, 0.03)))
    centre = tuple(int(v * _FULL) for v in place)
    cv2.ellipse(
        shape, (centre[0], centre[1]), (axes[0], axes[1]), float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA
    )


def _curve(shape: Canvas, points: list[tuple[float, float]], thick: float) -> None:
    """A Bézier curve through control points in 0..1; `thick` is a share of the side."""
    given = np.array(points, float)
    steps = np.linspace(0, 1, 2 if len(given) == 2 else 40)[:, None, None]
    level: Points = np.repeat(given[None], len(steps), axis=0)
    while level.shape[1] > 1:
        level = level[:, :-1] * (1 - steps) + level[:, 1:] * steps
    line = np.rint(level[:, 0] * _FULL * 2**_BITS).astype(np.int32)
    cv2.polylines(shape, [line], False, 255, max(1, round(thick * _FULL)), cv2.LINE_AA, _BITS)


def _fill(shape: Canvas, points: list[tuple[float, float]]) -> None:
    cv2.fillPoly(shape, [np.rint(np.array(points) * _FULL).astype(np.int32)], 255, cv2.LINE_AA)


def _fill_ellipse(shape: Canvas, middle: tuple[float, float], across: float, down: float) -> None:
    centre, axes = (int(middle[0] * _FULL), int(middle[1] * _FULL)), (int(across * _FULL), int(down * _FULL))
    cv2.ellipse(shape, centre, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)


def _ring(shape: Canvas, middle: tuple[float, float], across: float, down: float, thick: float) -> None:
    centre, axes = (int(middle[0] * _FULL), int(middle[1] * _FULL)), (int(across * _FULL), int(down * _FULL))
    cv2.ellipse(shape, centre, axes, 0, 0, 360, 255, max(1, round(thick * _FULL)), cv2.LINE_AA)


def _shaded(rng: np.random.Generator, texture: Rgb, opacity: AnyArray) -> Rgb:
    """The texture, toned towards one colour and lit from one side, so that bars look round."""
    fill: AnyArray = cv2.resize(texture, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    # Metal, wood, wire and plastic in black, grey and brown more often than in bright colours.
    tone = rng.uniform(0, 255) + rng.normal(0, 20, 3) if rng.random() < 0.6 else rng.uniform(0, 255, 3)
    kept = rng.uniform(0.1, 0.7)
    fill = fill * kept + tone * (1 - kept)
    soft = cv2.GaussianBlur(opacity, (0, 0), rng.uniform(1.5, 5))
    angle = rng.uniform(0, 2 * np.pi)
    slope = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * np.cos(angle) + cv2.Sobel(soft, cv2.CV_32F, 0, 1) * np.sin(angle)
    lit = (
        fill * (1 + rng.uniform(0, 1.2) * slope[..., None]) + rng.uniform(0, 120) * np.maximum(slope, 0)[..., None] ** 2
    )
    return np.asarray(np.clip(lit, 0, 255), np.uint8)
