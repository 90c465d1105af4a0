"""Draws the README's four pictures, flow, frame, seen and failure, from the demo's photos.

The photos are in the public domain (CC0, src/packshot/demo/photos/NOTICE; the coffee is Rachel Michetti's, as
scikit-image has it).

python docs/images/make.py
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data

import packshot
from packshot.explanation import draw_heatmap, draw_products

SIDE, GAP = 400, 12


def fit(pixels: np.ndarray) -> Image.Image:
    """Scaled to fit a white square."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE, SIDE), "white")
    square.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    return square


def on_squares(rgba: np.ndarray) -> np.ndarray:
    """A cut-out on a chequerboard, as editors show transparency."""
    size = rgba.shape[0] // 32
    rows, columns = np.mgrid[: rgba.shape[0], : rgba.shape[1]] // max(size, 1)
    board = np.where((rows + columns) % 2, 225, 255)[..., None]
    alpha = rgba[..., 3:] / 255
    return np.rint(rgba[..., :3] * alpha + board * (1 - alpha)).astype(np.uint8)


def grey(alpha: np.ndarray) -> np.ndarray:
    """A mask as a picture."""
    return np.repeat(np.rint(alpha * 255).astype(np.uint8)[..., None], 3, axis=2)


def strip(name: str, pictures: Sequence[np.ndarray]) -> None:
    """Pictures side by side."""
    sheet = Image.new("RGB", (len(pictures) * (SIDE + GAP) - GAP, SIDE), "white")
    for place, pixels in enumerate(pictures):
        sheet.paste(fit(pixels), (place * (SIDE + GAP), 0))
    sheet.save(Path(__file__).with_name(f"{name}.webp"), quality=85)


def main() -> None:
    """Draw all four."""
    pipeline = packshot.Pipeline(profile="amazon")
    photos = Path(str(files("packshot.demo") / "photos"))

    def made(name: str, photo: np.ndarray | None = None) -> packshot.Result:
        result = pipeline.run(photos / name if photo is None else photo, name=name)
        print(name, result.status.value, *result.review)
        return result

    jacket = made("jacket.jpg")
    strip("flow", [jacket.photo.rgb, grey(jacket.mask.alpha), on_squares(jacket.cutout.rgba), jacket.packshot.pixels])
    shirt = made("shirt_in_a_frame.jpg")
    strip("frame", [shirt.photo.rgb, shirt.picture.rgb, shirt.packshot.pixels])
    shoes = made("sneakers.jpg")
    heat = draw_heatmap(shoes.picture.rgb, shoes.description.heatmaps[0].heat)
    strip("seen", [shoes.photo.rgb, heat, draw_products(shoes.picture.rgb, shoes.description.products)])
    coffee = made("coffee.png", data.coffee())
    strip("failure", [coffee.photo.rgb, grey(coffee.mask.alpha), coffee.packshot.pixels])


if __name__ == "__main__":
    main()
