"""Words and logos, as sellers put them into a band or a page shows them."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from packshot.training.frame.drawing.settings import GeneratorSettings
from packshot.training.frame.drawing.textures import Colour
from packshot.values import Alpha, Box, Rgb

__all__ = ["write"]

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
