"""Who draws a mark: which letters in which ink, how high, and where on the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from packshot.training.drawing.settings import GeneratorSettings
from packshot.training.drawing.textures import Colour, colour
from packshot.training.overlay.drawing.lettering import draw_words, random_words
from packshot.training.overlay.drawing.sheet import Sheet
from packshot.values import Alpha

__all__ = ["BLACK", "SMALLEST", "WHITE", "Hand", "letter_height", "lines_of_words", "place_for", "scaled", "stacked"]

WHITE, BLACK = np.full(3, 255, np.float32), np.zeros(3, np.float32)
SMALLEST = 5
"""Pixels of a letter's height: less is not read."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who draws: chance, fonts, and what the settings allow.

    Attributes:
        rng: the source of chance.
        fonts: to choose from.
        settings: hues.
        below: mean of the picture, float32 (3,) in 0..255: letters keep clear of it.
    """

    rng: np.random.Generator
    fonts: Sequence[Path]
    settings: GeneratorSettings
    below: Colour

    def font(self) -> Path:
        """One of the fonts."""
        return self.fonts[int(self.rng.integers(len(self.fonts)))]

    def ink(self) -> Colour:
        """Black, white or a colour, most often one that can be seen on what is below."""
        for _ in range(4):
            drawn = self.rng.random()
            tone = BLACK if drawn < 0.35 else WHITE if drawn < 0.6 else colour(self.rng, self.settings)
            if np.abs(tone - self.below).max() > 60:
                break
        return tone

    def on(self, tone: Colour) -> Colour:
        """Letters for a face of this colour."""
        if self.rng.random() < 0.7:
            return BLACK if tone.mean() > 140 else WHITE
        other = colour(self.rng, self.settings)
        return other if np.abs(other - tone).max() > 90 else (BLACK if tone.mean() > 140 else WHITE)


def letter_height(hand: Hand, sheet: Sheet, low: float, high: float) -> int:
    """A letter height: a share of the picture's shorter side, on a logarithmic scale."""
    share = np.exp(hand.rng.uniform(np.log(low), np.log(high)))
    return max(SMALLEST, round(min(sheet.width, sheet.height) * share))


def place_for(hand: Hand, sheet: Sheet, size: tuple[int, int]) -> tuple[int, int]:
    """Where a thing of a size goes: a corner, an edge or anywhere, seldom over the edge."""
    rng = hand.rng
    spare = sheet.width - size[0], sheet.height - size[1]
    margin = rng.uniform(0, 0.06, 2) * (sheet.width, sheet.height)
    at = []
    for room, gap in zip(spare, margin, strict=True):
        drawn = rng.random()
        near, far = min(gap, max(0, room)), max(room - gap, 0)
        at.append(near if drawn < 0.35 else far if drawn < 0.6 else room / 2 if drawn < 0.75 else rng.random() * room)
    return int(at[0]), int(at[1])


def lines_of_words(hand: Hand, sheet: Sheet, *, height: int, most: int, words: int = 4) -> list[Alpha]:
    """Up to `most` lines of random words in one font, none wider than the picture: float32 (h, w) each."""
    font, rng = hand.font(), hand.rng
    lines = []
    for _ in range(int(rng.integers(1, most + 1))):
        ink = draw_words(random_words(rng, font, most=words), font, height=height, stroke=int(rng.random() < 0.15))
        if ink.shape[1] > 0.96 * sheet.width:  # too long for the picture: set smaller
            scale = rng.uniform(0.5, 0.95) * sheet.width / ink.shape[1]
            ink = scaled(ink, scale)
        lines.append(ink)
    return lines


def scaled(ink: Alpha, scale: float) -> Alpha:
    """Ink made smaller by a factor."""
    size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def stacked(hand: Hand, lines: Sequence[Alpha]) -> Alpha:
    """Lines one below the other, flush left, centred or flush right: float32 (h, w)."""
    gap = round(max(line.shape[0] for line in lines) * hand.rng.uniform(0.25, 0.7))
    width, height = max(line.shape[1] for line in lines), sum(line.shape[0] + gap for line in lines) - gap
    block, y, flush = np.zeros((height, width), np.float32), 0, hand.rng.choice((0.0, 0.0, 0.5, 1.0))
    for line in lines:
        x = int((width - line.shape[1]) * flush)
        block[y : y + line.shape[0], x : x + line.shape[1]] = line
        y += line.shape[0] + gap
    return block
