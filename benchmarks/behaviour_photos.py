"""Up to a hundred photos for `behaviour.py`: the demo's, scikit-image's, drawn products; and files to be refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from packshot.demo import PHOTOS, write_photos

_SKIMAGE = (
    "astronaut.png",
    "camera.png",
    "chelsea.png",
    "coins.png",
    "color.png",
    "hubble_deep_field.jpg",
    "rocket.jpg",
)
_COLOURS = ("#7a1f2b", "#1f4e7a", "#2b7a3d", "#b58a1e", "#3a3a3a", "#8a4fa3")
_BACKGROUNDS = ("white", "grey", "gradient", "noise", "wood", "framed")
_SHAPES = ("shirt", "bottle", "shoe", "ring", "bag")
#: The photos most commands look at.
FEW = ("cap.jpg", "dress.jpg", "pitcher_on_white.jpg", "shirt_in_a_frame.jpg")


def write_all(work: Path, *, count: int) -> None:
    """Write the photos below a folder.

    Args:
        work: gets ``photos/`` (`count` of them), ``few/``, ``hostile/``, ``sets/`` (photos with masks) and
            ``strokes/``.
        count: photos in ``photos/``; at least 20.
    """
    write_photos(work / "photos" / "demo")
    (work / "photos" / "further").mkdir()
    for name in _SKIMAGE:
        (work / "photos" / "further" / name).write_bytes((Path(skimage.data.__file__).parent / name).read_bytes())
    for number in range(count - len(PHOTOS) - len(_SKIMAGE)):
        path, data = _drawn_file(number)
        target = work / "photos" / "drawn" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (work / "few").mkdir()
    for name in FEW:
        (work / "few" / name).write_bytes((work / "photos" / "demo" / name).read_bytes())
    _write_hostile(work / "hostile", (work / "few" / "cap.jpg").read_bytes())
    _write_set(work / "sets" / "shop")
    _write_classes(work / "sets" / "classes")
    (work / "strokes").mkdir()
    box = {"version": 1, "photo": dict(zip(("width", "height"), _size(work / "few" / "cap.jpg"), strict=True))}
    middle = [side // 2 for side in box["photo"].values()]
    box |= {"box": None, "strokes": [{"kind": "erase", "radius": 9, "points": [[5, 5], middle]}]}
    (work / "strokes" / "cap.json").write_text(json.dumps(box))


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def product(number: int, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """A drawn product in its colours (RGB), and its mask (L), both of `size`."""
    width, height = size
    mask = Image.new("L", (width * 2, height * 2))
    draw = ImageDraw.Draw(mask)
    shape = _SHAPES[number % len(_SHAPES)]

    def at(*corners: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * width * 2, y * height * 2) for x, y in corners]

    if shape == "shirt":
        draw.polygon(
            at((0.2, 0.25), (0.4, 0.2), (0.6, 0.2), (0.8, 0.25), (0.9, 0.45), (0.75, 0.5), (0.72, 0.85)), fill=255
        )
        draw.polygon(at((0.2, 0.25), (0.6, 0.2), (0.72, 0.85), (0.28, 0.85), (0.25, 0.5), (0.1, 0.45)), fill=255)
    elif shape == "bottle":
        draw.rounded_rectangle([*at((0.36, 0.35))[0], *at((0.64, 0.9))[0]], radius=width // 8, fill=255)
        draw.rectangle([*at((0.45, 0.1))[0], *at((0.55, 0.4))[0]], fill=255)
    elif shape == "shoe":
        draw.polygon(
            at((0.1, 0.75), (0.15, 0.45), (0.4, 0.5), (0.6, 0.62), (0.88, 0.68), (0.9, 0.8), (0.1, 0.8)), fill=255
        )
    elif shape == "ring":
        draw.ellipse([*at((0.2, 0.2))[0], *at((0.8, 0.8))[0]], outline=255, width=width // 5)
    else:
        draw.rectangle([*at((0.2, 0.4))[0], *at((0.8, 0.85))[0]], fill=255)
        draw.arc([*at((0.32, 0.15))[0], *at((0.68, 0.65))[0]], 180, 360, fill=255, width=width // 14)
    mask = mask.resize(size, Image.Resampling.BOX)
    base = np.asarray(Image.new("RGB", size, _COLOURS[number // 5 % len(_COLOURS)]), np.float32)
    y, x = np.mgrid[:height, :width]
    light = 0.75 + 0.35 * x[..., None] / width + 0.06 * np.sin(y[..., None] / 5 + number)
    return Image.fromarray((base * light).clip(0, 255).astype(np.uint8)), mask


def scene(number: int, size: tuple[int, int] = (360, 420)) -> tuple[Image.Image, Image.Image]:
    """A product on a background, and its mask."""
    painted, mask = product(number, size)
    picture = Image.fromarray(_background(number, size))
    shadow = mask.filter(ImageFilter.GaussianBlur(9)).point(lambda value: value // 3)
    picture.paste(Image.new("RGB", size, "#202020"), (6, 10), shadow)
    picture.paste(painted, mask=mask)
    if _BACKGROUNDS[number % len(_BACKGROUNDS)] == "framed":
        ImageDraw.Draw(picture).rectangle([0, 0, size[0] - 1, size[1] - 1], outline="#d6336c", width=16)
    return picture, mask


def _background(number: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    kind = _BACKGROUNDS[number % len(_BACKGROUNDS)]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    chance = np.random.default_rng(number)
    if kind == "white":
        base = np.full((height, width, 3), 255.0)
    elif kind == "noise":
        base = np.repeat(chance.normal(150, 40, (height, width, 1)), 3, axis=2)
    elif kind == "wood":
        rings = 120 + 40 * np.sin(y / 9 + 3 * np.sin(x / 60))
        base = np.stack([rings, rings * 0.75, rings * 0.5], axis=2) + chance.normal(0, 4, (height, width, 1))
    elif kind == "gradient":
        base = np.stack([180 + 60 * x / width, 190 + 50 * y / height, 0 * x + 200], axis=2)
    else:
        base = np.full((height, width, 3), 196.0) + chance.normal(0, 2, (height, width, 3))
    return base.clip(0, 255).astype(np.uint8)


def _drawn_file(number: int) -> tuple[str, bytes]:
    """A scene as a file: its path below ``drawn/`` and its bytes, in turn in each format that sellers send."""
    picture, mask = scene(number)
    kind = ("jpg", "png", "webp", "jpg", "tif", "png", "jpg", "bmp")[number % 8]
    options: dict[str, object] = {"jpg": {"quality": 88}, "webp": {"quality": 85}}.get(kind, {})
    if number % 16 == 5:  # came with transparency
        picture = picture.copy()
        picture.putalpha(mask)
    if number % 16 == 6:  # taken with the camera turned
        exif = Image.Exif()
        exif[0x0112] = 6
        picture = picture.rotate(90, expand=True)
        options["exif"] = exif
    if number % 16 == 3:
        picture = picture.convert("L")
    file = io.BytesIO()
    picture.save(file, {"jpg": "JPEG", "tif": "TIFF"}.get(kind, kind.upper()), **options)
    # Names that share a stem, in two folders.
    return f"{'a' if number % 2 else 'b'}/{number // 2:02}.{kind}", file.getvalue()


def _write_hostile(folder: Path, good: bytes) -> None:
    folder.mkdir()
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    huge = io.BytesIO()
    Image.new("1", (9000, 9000)).save(huge, "PNG")
    files = {
        "blank.png": blank.getvalue(),
        "cut.jpg": good[: len(good) // 3],
        "empty.jpg": b"",
        "good.jpg": good,
        "huge.png": huge.getvalue(),
        "mislabelled.png": good,
        "text.jpg": b"this is no photo\n" * 9,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _write_set(folder: Path) -> None:
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for number in range(6):
        picture, mask = scene(number, (240, 280))
        picture.save(folder / "images" / f"{number}.jpg", quality=90)
        mask.save(folder / "masks" / f"{number}.png")


def _write_classes(folder: Path) -> None:
    for number in range(8):
        target = folder / ("basic", "premium")[number % 2] / f"{number}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        scene(number, (120, 140))[0].save(target, quality=90)
