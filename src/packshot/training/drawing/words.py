"""Words and logos, as sellers put them into a band or a page shows them."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from packshot.training.drawing.settings import GeneratorSettings
from packshot.training.drawing.textures import Colour, colour
from packshot.values import Alpha, Box, Rgb

__all__ = ["letter", "write"]

_WORDS = (
    ("SALE", "Free shipping", "NEW", "24h", "best price", "Shop No. 7", "-30 %", "original", "call 555 0123", "TOP"),
    ("Outlet", "gratis", "www.example.com", "only today", "PREMIUM", "2 + 1", "HANDMADE", "size M", "100 %", "* * *"),
)
_STROKES = (cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX)


def write(rng: np.random.Generator, rgb: Rgb, area: Box, tone: Colour, settings: GeneratorSettings) -> None:
    """Write a word or a simple logo into an area of a picture, in place; upright areas are written upward.

    Args:
        rng: the source of chance.
        rgb: uint8 (h, w, 3), changed.
        area: where; what is smaller than 7 pixels stays empty.
        tone: the ink, float32 (3,) in 0..255.
        settings: which words and fonts.
    """
    if min(area.size) < 7:
        return
    window = rgb[area.slices]
    upright = area.height > 2 * area.width
    target = np.rot90(window) if upright else window
    ink = _logo(rng, target.shape[0]) if rng.random() < 0.25 else _word(rng, target.shape[0], settings)
    height = max(5, int(target.shape[0] * rng.uniform(0.5, 0.9)))
    width = max(1, round(ink.shape[1] * height / ink.shape[0]))
    if width > target.shape[1]:
        width, height = target.shape[1], max(1, round(height * target.shape[1] / width))
    ink = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA), np.float32)[..., None]
    x = int((target.shape[1] - width) * rng.choice((0.5, rng.random())))
    y = (target.shape[0] - height) // 2
    place = target[y : y + height, x : x + width]
    place[:] = np.clip(place * (1 - ink) + tone * ink + 0.5, 0, 255).astype(np.uint8)


def letter(rng: np.random.Generator, canvas: Rgb, inner: Box, settings: GeneratorSettings) -> None:
    """Write into the bands around `inner`: a word over all of one, or a caption's small lines; changes `canvas`."""
    height, width = canvas.shape[:2]
    bands = (
        (0, 0, width, inner.y0),
        (0, inner.y1, width, height),
        (0, inner.y0, inner.x0, inner.y1),
        (inner.x1, inner.y0, width, inner.y1),
    )
    wide = [Box(*band) for band in bands if band[2] - band[0] >= 7 and band[3] - band[1] >= 7]
    ink = np.full(3, 255.0 if canvas.mean() < 128 else 0.0, np.float32)
    if rng.random() < 0.3:
        ink = colour(rng, settings)
    for band in wide if rng.random() < 0.4 else wide[-1:]:
        for line in _lines(rng, band):
            write(rng, canvas, line, ink, settings)


def _lines(rng: np.random.Generator, band: Box) -> list[Box]:
    """Where words stand in a band: one line over all of it, or a caption's small ones."""
    if band.height < 14 or band.width < band.height or rng.random() < 0.4:
        return [band]
    count = int(rng.integers(1, 4))
    tall = int(np.clip(band.height * rng.uniform(0.2, 0.8) / count, 7, 24))
    x0, y0 = band.x0 + int(band.width * rng.uniform(0, 0.3)), band.y0 + int(rng.integers(1, 4))
    ends = [y0 + tall * (row + 1) for row in range(count)]
    return [Box(x0, end - tall, band.x1, end) for end in ends if end <= band.y1]


def _word(rng: np.random.Generator, height: int, settings: GeneratorSettings) -> Alpha:
    word = str(rng.choice(_WORDS[settings.variant]))
    size = max(12, height)
    if settings.handwriting:
        font, scale, thick = int(rng.choice(_STROKES)), size / 30, max(1, size // 14)
        (width, above), below = cv2.getTextSize(word, font, scale, thick)
        canvas = np.zeros((above + below + 2 * thick, width + 2 * thick), np.uint8)
        cv2.putText(canvas, word, (thick, above + thick), font, scale, 255, thick, cv2.LINE_AA)
    else:
        outline = ImageFont.load_default(size)
        left, top, right, bottom = outline.getbbox(word)
        image = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
        ImageDraw.Draw(image).text((1 - left, 1 - top), word, fill=255, font=outline)
        canvas = np.asarray(image)
    return np.asarray(canvas, np.float32) / np.float32(255)


def _logo(rng: np.random.Generator, height: int) -> Alpha:
    side = max(12, height)
    canvas, middle = np.zeros((side, side), np.uint8), side // 2
    if rng.random() < 0.5:
        cv2.circle(canvas, (middle, middle), middle - 1, 255, max(2, side // 8), cv2.LINE_AA)
    corners = int(rng.integers(3, 8))
    angles = np.arange(corners) * 2 * np.pi / corners + rng.uniform(0, 6)
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * middle * 0.6 + middle
    cv2.fillPoly(canvas, [points.astype(np.int32)], 255, cv2.LINE_AA)
    return np.asarray(canvas, np.float32) / np.float32(255)
