"""Draws flow.webp, the picture in the README, from a public-domain photograph (NASA's Eileen Collins, scikit-image).

python docs/images/make.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from skimage.data import astronaut

import packshot

SIDE = 400


def fit(pixels: np.ndarray) -> Image.Image:
    """Scaled to fit a white square."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), "white")
    square.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    return square


def on_squares(rgba: np.ndarray) -> np.ndarray:
    """A cut-out on a chequerboard, as editors show transparency."""
    rows, columns = np.mgrid[: rgba.shape[0], : rgba.shape[1]] // 16
    board = np.where((rows + columns) % 2, 235, 255)[..., None]
    alpha = rgba[..., 3:] / 255
    return np.rint(rgba[..., :3] * alpha + board * (1 - alpha)).astype(np.uint8)


def main() -> None:
    """Four pictures side by side: photo, mask, cut-out, packshot."""
    result = packshot.process(astronaut(), profile="amazon")
    mask = np.repeat(np.rint(result.mask.alpha * 255).astype(np.uint8)[..., None], 3, axis=2)
    stages = [result.photo.rgb, mask, on_squares(result.cutout.rgba), result.packshot.pixels]
    strip = Image.new("RGB", (4 * SIDE + 3 * 12, SIDE), "white")
    for place, pixels in enumerate(stages):
        strip.paste(fit(pixels), (place * (SIDE + 12), 0))
    strip.save(Path(__file__).with_name("flow.webp"), quality=85)


if __name__ == "__main__":
    main()
