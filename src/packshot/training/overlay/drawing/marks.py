"""The marks sellers lay over a photo, each drawn onto a sheet. Print on products is made of the same."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from packshot.training.drawing.textures import colour
from packshot.training.overlay.drawing.hand import (
    BLACK,
    SMALLEST,
    WHITE,
    Hand,
    letter_height,
    lines_of_words,
    place_for,
    scaled,
    stacked,
)
from packshot.training.overlay.drawing.lettering import draw_words, random_words
from packshot.training.overlay.drawing.sample import OverlayKind
from packshot.training.overlay.drawing.sheet import Sheet, filled
from packshot.values import Alpha

__all__ = ["draw_mark"]


def draw_mark(hand: Hand, kind: OverlayKind, sheet: Sheet) -> None:
    """Draw one mark somewhere onto a sheet.

    Args:
        hand: who draws.
        kind: of mark.
        sheet: changed.
    """
    _MARKS[kind](hand, sheet)


def _text(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    height = letter_height(hand, sheet, 0.025, 0.16)
    block = stacked(hand, lines_of_words(hand, sheet, height=height, most=4 if height < sheet.height / 14 else 2))
    x, y = place_for(hand, sheet, (block.shape[1], block.shape[0]))
    tone = hand.ink()
    if rng.random() < 0.2:  # a shadow
        off = max(1, height // 12)
        sheet.lay(block, hand.on(tone), x + off, y + off, opacity=rng.uniform(0.4, 0.9))
    elif rng.random() < 0.2:  # an outline
        wide = max(1, height // 14)
        padded = np.pad(block, wide)
        thick = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * wide + 1, 2 * wide + 1)))
        sheet.lay(np.asarray(thick, np.float32), hand.on(tone), x - wide, y - wide)
    sheet.lay(block, tone, x, y, opacity=rng.choice((1.0, rng.uniform(0.6, 1))))


def _sign(hand: Hand, side: int) -> Alpha:
    """A simple sign: polygons, rings, bars or letters, float32 (side, side)."""
    rng, middle = hand.rng, side / 2
    kind = int(rng.integers(4))
    if kind == 0:
        corners = int(rng.integers(3, 9))
        reach = rng.uniform(0.4, 1, corners if rng.random() < 0.5 else 1)
        angles = np.arange(corners) * 2 * np.pi / corners + rng.uniform(0, 6)
        canvas = filled(np.stack([np.cos(angles), np.sin(angles)], 1) * middle * reach[:, None] + middle, (side, side))
    else:
        drawn = np.zeros((side, side), np.uint8)
        if kind == 1:
            cv2.circle(drawn, (side // 2, side // 2), max(2, side // 2 - 2), 255, max(1, side // 9), cv2.LINE_AA)
        elif kind == 2:
            for _ in range(int(rng.integers(2, 6))):
                ends = rng.integers(0, side, 4)
                cv2.line(drawn, ends[:2].tolist(), ends[2:].tolist(), 255, max(1, side // 10), cv2.LINE_AA)
        else:
            cv2.ellipse(
                drawn, (side // 2, side // 2), (max(1, side // 2 - 1), max(1, side // 3)), rng.uniform(0, 180), 0,
                rng.uniform(120, 360), 255, -1 if rng.random() < 0.5 else max(1, side // 8), cv2.LINE_AA,
            )  # fmt: skip
        canvas = np.asarray(drawn, np.float32) / np.float32(255)
    if kind and rng.random() < 0.4:
        font = hand.font()
        word = draw_words(random_words(rng, font, most=1)[:2], font, height=side // 2)
        word = scaled(word, min(1.0, 0.7 * side / max(word.shape)))
        y, x = (side - word.shape[0]) // 2, (side - word.shape[1]) // 2
        place = canvas[y : y + word.shape[0], x : x + word.shape[1]]
        np.maximum(place, word, out=place)
    return canvas


def _emblem(hand: Hand, sheet: Sheet, *, height: int) -> list[tuple[Alpha, int, int]]:
    """The parts of a logo with their places: a sign, words, or both, beside or below each other."""
    rng = hand.rng
    if rng.random() < 0.3:
        return [(_sign(hand, max(8, height * 2)), 0, 0)]
    font = hand.font()
    word = draw_words(random_words(rng, font, most=2), font, height=height, stroke=int(rng.random() < 0.3))
    if word.shape[1] > 0.7 * sheet.width:
        word = scaled(word, 0.6 * sheet.width / word.shape[1])
    if rng.random() < 0.35:  # two inks in one word
        half = int(word.shape[1] * rng.uniform(0.3, 0.7))
        return [(np.ascontiguousarray(word[:, :half]), 0, 0), (np.ascontiguousarray(word[:, half:]), half, 0)]
    if rng.random() < 0.5:
        side = max(8, round(height * rng.uniform(1, 2)))
        return [(_sign(hand, side), 0, (word.shape[0] - side) // 2), (word, side + height // 3, 0)]
    side = max(8, round(height * rng.uniform(1.5, 3)))
    return [(_sign(hand, side), (word.shape[1] - side) // 2, 0), (word, 0, side + max(1, height // 4))]


def _logo(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    parts = _emblem(hand, sheet, height=letter_height(hand, sheet, 0.025, 0.11))
    left, top = min(x for _, x, _ in parts), min(y for _, _, y in parts)
    width = max(x + ink.shape[1] for ink, x, _ in parts) - left
    height = max(y + ink.shape[0] for ink, _, y in parts) - top
    x, y = place_for(hand, sheet, (width, height))
    opacity = rng.choice((1.0, 1.0, rng.uniform(0.4, 0.9)))
    tone = hand.ink()
    for ink, dx, dy in parts:
        sheet.lay(ink, tone, x + dx - left, y + dy - top, opacity=opacity)
        tone = hand.ink() if rng.random() < 0.6 else tone


def _plate(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    height = letter_height(hand, sheet, 0.03, 0.1)
    face = colour(rng, hand.settings) if rng.random() < 0.7 else (WHITE, BLACK)[int(rng.integers(2))]
    block = stacked(hand, lines_of_words(hand, sheet, height=height, most=2))
    edge = round(height * rng.uniform(0.3, 1.2))
    across = rng.random() < 0.35  # from side to side
    width = sheet.width if across else min(sheet.width, block.shape[1] + 2 * edge)
    tall = min(sheet.height, block.shape[0] + 2 * edge)
    x, y = place_for(hand, sheet, (width, tall))
    if across:
        x, y = 0, int(rng.choice((0, sheet.height - tall, y)))
    sheet.lay(_rounded(width, tall, int(rng.choice((0, 0, rng.uniform(0, tall / 2))))), face, x, y,
              opacity=rng.choice((1.0, rng.uniform(0.4, 1))))  # fmt: skip
    sheet.lay(block, hand.on(face), x + (width - block.shape[1]) // 2, y + (tall - block.shape[0]) // 2)


def _rounded(width: int, height: int, radius: int) -> Alpha:
    radius = min(radius, (min(width, height) - 1) // 2)
    if radius < 2:
        return np.ones((height, width), np.float32)
    core = np.zeros((height, width), np.uint8)
    core[radius : height - radius, radius : width - radius] = 255
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(core, kernel), np.float32) / np.float32(255)


def _badge(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    side = letter_height(hand, sheet, 0.12, 0.34)
    face = colour(rng, hand.settings) if rng.random() < 0.85 else WHITE
    kind, middle = rng.random(), side / 2
    if kind < 0.5:  # a disc
        angles, reach = np.linspace(0, 2 * np.pi, 60, endpoint=False), np.ones(60)
    elif kind < 0.85:  # a star of many points
        points = int(rng.integers(7, 22))
        angles = np.arange(2 * points) * np.pi / points
        reach = np.where(np.arange(2 * points) % 2, rng.uniform(0.65, 0.9), 1.0)
    else:  # a shield, a tag
        angles = np.arange(5) * 2 * np.pi / 5 + rng.choice((0.3, 1.0, 1.57))
        reach = np.ones(5)
    shape = filled(
        np.stack([np.cos(angles), np.sin(angles)], 1) * middle * reach[:, None] * 0.98 + middle, (side, side)
    )
    x, y = place_for(hand, sheet, (side, side))
    sheet.lay(shape, face, x, y, opacity=rng.choice((1.0, rng.uniform(0.7, 1))))
    block = stacked(
        hand, lines_of_words(hand, sheet, height=max(SMALLEST, round(side * rng.uniform(0.14, 0.34))), most=2, words=1)
    )
    block = scaled(block, min(1.0, 0.72 * side / max(block.shape)))
    sheet.lay(block, hand.on(face), x + (side - block.shape[1]) // 2, y + (side - block.shape[0]) // 2)


def _watermark(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    tiled = rng.random() < 0.4
    height = letter_height(hand, sheet, 0.03, 0.07) if tiled else letter_height(hand, sheet, 0.05, 0.2)
    font = hand.font()
    ink = stacked(hand, lines_of_words(hand, sheet, height=height, most=1 if tiled else 2, words=2))
    if rng.random() < 0.3:
        ink = stacked(hand, [_sign(hand, max(10, min(3 * height, sheet.height // 3))), ink])
    if rng.random() < (0.7 if tiled else 0.35):
        ink = _turned(ink, float(rng.choice((-1, 1)) * rng.uniform(15, 60)))
    # Faint, but not so faint that nobody sees it: on a mean like its own the ink is denser.
    tone = (WHITE if hand.below.mean() < 150 else BLACK) if rng.random() < 0.75 else colour(rng, hand.settings)
    contrast = max(30.0, float(np.abs(tone - hand.below).max()))
    opacity = float(np.clip(rng.uniform(14, 90) / contrast, 0.05, 0.7))
    del font
    if not tiled:
        x, y = place_for(hand, sheet, (ink.shape[1], ink.shape[0]))
        if rng.random() < 0.6:
            x, y = (sheet.width - ink.shape[1]) // 2, (sheet.height - ink.shape[0]) // 2
        sheet.lay(ink, tone, x, y, opacity=opacity)
        return
    pitch = ink.shape[1] * rng.uniform(1.1, 2.2) + 4, ink.shape[0] * rng.uniform(1.2, 4) + 4
    start = rng.uniform(-1, 0, 2) * pitch
    for row in range(int(sheet.height / pitch[1]) + 2):
        shift = pitch[0] / 2 * (row % 2) * rng.integers(2)
        for column in range(int(sheet.width / pitch[0]) + 2):
            x, y = start[0] + column * pitch[0] - shift, start[1] + row * pitch[1]
            sheet.lay(ink, tone, int(x), int(y), opacity=opacity)


def _turned(ink: Alpha, degrees: float) -> Alpha:
    height, width = ink.shape
    reach = int(np.hypot(width, height)) + 2
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    matrix[:, 2] += (reach - width) / 2, (reach - height) / 2
    turned = np.asarray(cv2.warpAffine(ink, matrix, (reach, reach), flags=cv2.INTER_LINEAR), np.float32)
    x, y, w, h = cv2.boundingRect((turned > 0.05).astype(np.uint8))
    return np.ascontiguousarray(turned[y : y + h, x : x + w]) if w and h else ink


def _address(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    font, height = hand.font(), max(SMALLEST, round(min(sheet.width, sheet.height) * rng.uniform(0.016, 0.045)))
    ink = draw_words(random_words(rng, font, most=5), font, height=height)
    if ink.shape[1] > 0.9 * sheet.width:
        ink = np.ascontiguousarray(ink[:, : int(0.9 * sheet.width)])
    gap = rng.uniform(0.005, 0.04, 2) * (sheet.width, sheet.height)
    x = (gap[0], (sheet.width - ink.shape[1]) / 2, sheet.width - ink.shape[1] - gap[0])[
        int(rng.choice(3, p=(0.45, 0.15, 0.4)))
    ]
    y = gap[1] if rng.random() < 0.2 else sheet.height - ink.shape[0] - gap[1]
    sheet.lay(ink, hand.ink(), int(x), int(y), opacity=rng.uniform(0.5, 1))


def _measure(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    tone, wide = hand.ink(), max(1, round(min(sheet.width, sheet.height) * rng.uniform(0.002, 0.009)))
    for _ in range(int(rng.integers(1, 4))):
        upright = rng.random() < 0.5
        long, short = (sheet.height, sheet.width) if upright else (sheet.width, sheet.height)
        start, end = sorted(rng.uniform(0.03, 0.97, 2) * long)
        if end - start < 0.2 * long:
            continue
        off = rng.choice((rng.uniform(0.02, 0.15), rng.uniform(0.85, 0.98), rng.uniform(0.2, 0.8))) * short
        lean = rng.normal(0, 0.15) * (end - start) if rng.random() < 0.25 else 0.0
        ends = [(start, off), (end, np.clip(off + lean, 0, short))]
        first, second = [(int(b), int(a)) for a, b in ends] if upright else [(int(a), int(b)) for a, b in ends]
        canvas = np.zeros((sheet.height, sheet.width), np.uint8)
        tip = float(rng.choice((0.0, 12 * wide))) / max(1.0, end - start)
        if tip:
            cv2.arrowedLine(canvas, first, second, 255, wide, cv2.LINE_AA, tipLength=tip)
            cv2.arrowedLine(canvas, second, first, 255, wide, cv2.LINE_AA, tipLength=tip)
        else:
            cv2.line(canvas, first, second, 255, wide, cv2.LINE_AA)
        sheet.lay(np.asarray(canvas, np.float32) / np.float32(255), tone, 0, 0)
        font = hand.font()
        words = f"{rng.integers(2, 400)}{rng.choice((' cm', 'cm', 'mm', ' mm', ''))}"
        ink = draw_words(words, font, height=letter_height(hand, sheet, 0.03, 0.07))
        x, y = (first[0] + second[0] - ink.shape[1]) // 2, (first[1] + second[1] - ink.shape[0]) // 2
        gap = ink.shape[1] // 2 + 3 * wide if upright else ink.shape[0] // 2 + 3 * wide
        gap = int(gap * rng.choice((-1, 1)))
        sheet.lay(ink, tone, x + gap * upright, y + gap * (not upright))


def _list(hand: Hand, sheet: Sheet) -> None:
    rng = hand.rng
    height = letter_height(hand, sheet, 0.022, 0.06)
    count, pitch = int(rng.integers(2, 6)), round(height * rng.uniform(1.8, 4))
    x, y = int(rng.choice((0.04, rng.uniform(0, 0.6))) * sheet.width), int(rng.uniform(0.02, 0.6) * sheet.height)
    tone, side = hand.ink(), round(height * rng.uniform(1.2, 1.9))
    face = colour(rng, hand.settings) if rng.random() < 0.5 else None
    plated, font = rng.random() < 0.25, hand.font()
    for row in range(count):
        top = y + row * pitch
        if top + side > sheet.height:
            break
        ink = draw_words(random_words(rng, font, most=3), font, height=height)
        room = sheet.width - x - side - height
        if room < 3 * height:
            break
        ink = np.ascontiguousarray(ink[:, :room])
        if plated:
            sheet.lay(_rounded(side + height + ink.shape[1], side, side // 3), hand.on(tone), x, top, opacity=0.7)
        if face is not None:
            sheet.lay(_rounded(side, side, side // 2), face, x, top)
        sheet.lay(
            _sign(hand, max(6, round(side * 0.8))),
            hand.on(face) if face is not None else tone,
            x + side // 10,
            top + side // 10,
        )
        sheet.lay(ink, tone, x + side + height // 2, top + (side - ink.shape[0]) // 2)


_MARKS: dict[OverlayKind, Callable[[Hand, Sheet], None]] = {
    OverlayKind.TEXT: _text,
    OverlayKind.LOGO: _logo,
    OverlayKind.PLATE: _plate,
    OverlayKind.BADGE: _badge,
    OverlayKind.WATERMARK: _watermark,
    OverlayKind.ADDRESS: _address,
    OverlayKind.MEASURE: _measure,
    OverlayKind.LIST: _list,
}
