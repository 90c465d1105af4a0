"""Colours as requests write them, and a cut-out laid on one."""

from __future__ import annotations

import re

import numpy as np
from PIL import ImageColor

from packshot.values import Rgb, Rgba

__all__ = ["Colour", "laid_on", "parse_colour"]

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, 0..255."""

_HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


def parse_colour(text: str) -> Colour:
    """A colour of 3, 4, 6 or 8 hexadecimal digits with or without ``#``, or a name of CSS.

    Raises:
        ValueError: it is neither.

    Example:
        >>> parse_colour("81d4fa"), parse_colour("#f008"), parse_colour("Tomato")
        ((129, 212, 250, 255), (255, 0, 0, 136), (255, 99, 71, 255))
    """
    name = text.strip().lower()
    if name in ImageColor.colormap:
        red, green, blue = ImageColor.getrgb(name)[:3]
        return red, green, blue, 255
    if not _HEX.fullmatch(name):
        raise ValueError("expected 3, 4, 6 or 8 hexadecimal digits, or a colour's name")
    digits = name.removeprefix("#")
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, opacity = (int(pair, 16) for pair in re.findall("..", digits.ljust(8, "f")))
    return red, green, blue, opacity


def laid_on(rgba: Rgba, background: Colour | Rgb) -> Rgba | Rgb:
    """Composite a cut-out over a colour or a picture (Porter and Duff 1984, operator *over*).

    Args:
        rgba: uint8 (h, w, 4), straight alpha.
        background: a colour, or uint8 (h, w, 3).

    Returns:
        uint8 (h, w, 3) where the background is opaque, else (h, w, 4) with straight alpha.
    """
    alpha = rgba[..., 3:].astype(np.float32) / 255
    colours, opacity = (
        (background, 1.0) if isinstance(background, np.ndarray) else (background[:3], background[3] / 255)
    )
    below = np.asarray(colours, np.float32) * ((1 - alpha) * opacity)
    total = alpha + (1 - alpha) * opacity
    with np.errstate(invalid="ignore", divide="ignore"):
        mixed = np.where(total > 0, (rgba[..., :3] * alpha + below) / total, 0)
    result = np.rint(mixed).astype(np.uint8)
    if opacity == 1.0:
        return result
    return np.dstack([result, np.rint(total * 255).astype(np.uint8)])
