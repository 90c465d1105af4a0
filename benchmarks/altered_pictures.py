"""What happens to a product photo on its way into a catalogue twice, and what only looks like it; for duplicates.py.

Every alteration is written to a file and decoded again, as it would be: a JPEG at quality 90 where nothing else is
said. Colour variants keep the photo and give the product another colour: they are no duplicates.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from packshot.composition import compose
from packshot.cutout import cut_out, segmenter
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.settings import Settings
from packshot.specs import Composition
from packshot.values import Mask, Photo, Rgb

VARIANT = "colour variant"
_VISIBLE = 15.0  # Delta E 1976, median over the product: less is no other colour
_COVER = (0.05, 0.9)  # of the photo: less or more is no product that was found
_WORDS = ("SALE", "NEW", "-20%", "free shipping", "shop24.example", "ORIGINAL", "only today")


@dataclass(frozen=True)
class Original:
    """A photo of the gallery."""

    name: str
    label: str
    photo: Photo = field(repr=False)


@dataclass(frozen=True)
class Altered:
    """A picture made from one of the gallery; `original` is its position there."""

    kind: str
    original: int
    rgb: Rgb = field(repr=False)

    @property
    def duplicate(self) -> bool:
        """Whether it counts as the same picture."""
        return self.kind != VARIANT


def originals(data: Path, *, split: str, seed: int, number: int | None = None) -> list[Original]:
    """Garments and groceries of one split, ``train`` or ``validation``: a fixed choice, half and half, or all of them.

    In turns, in an order of chance that the seed fixes: the first so many are as good a choice as any.
    """
    random = np.random.default_rng(seed)
    with (data / "clothing" / "labels.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    garments = [(data / "clothing" / "images" / f"{row['image']}.jpg", row["label"]) for row in rows]
    with (data / "grocery" / "labels.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == {"validation": "val"}.get(split, split)]
    groceries = [(data / "grocery" / row["image"], row["class"]) for row in rows]
    pools = [[pool[i] for i in random.permutation(len(pool))] for pool in (garments, groceries)]
    chosen = [entry for pair in zip_longest(*pools) for entry in pair if entry and entry[0].is_file()][:number]
    return [Original(f"{path.parent.name}/{path.stem}", label, decode(path)) for path, label in chosen]


def alterations(gallery: list[Original], *, seed: int, number: int | None = None) -> Iterator[Altered]:
    """Every alteration, and a colour variant, of the first so many photos."""
    for position, original in enumerate(gallery[:number]):
        random = np.random.default_rng((seed, position))
        for kind, alter in ALTERATIONS.items():
            rgb = alter(original.photo, random)
            if rgb is not None:
                yield Altered(kind, position, rgb)


def _encoded(rgb: Rgb, *, kind: str = "JPEG", quality: int = 90) -> Rgb:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, kind, quality=quality)
    return decode(buffer.getvalue()).rgb


def _jpeg(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(photo.rgb, quality=int(random.integers(30, 91)))


def _webp(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(photo.rgb, kind="WEBP", quality=int(random.integers(30, 91)))


def _scaled(rgb: Rgb, random: np.random.Generator) -> Rgb:
    factor = math.exp(random.uniform(math.log(0.3), math.log(2.0)))
    size = max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))


def _cropped(rgb: Rgb, random: np.random.Generator) -> Rgb:
    height, width = rgb.shape[:2]
    wide, high = (round(side * random.uniform(0.7, 0.95)) for side in (width, height))
    x, y = random.integers(0, width - wide + 1), random.integers(0, height - high + 1)
    return np.ascontiguousarray(rgb[y : y + high, x : x + wide])


def _resize(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(_scaled(photo.rgb, random))


def _crop(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(_cropped(photo.rgb, random))


def _mirror(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(np.ascontiguousarray(photo.rgb[:, ::-1]))


def _turn(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(np.ascontiguousarray(np.rot90(photo.rgb, int(random.integers(1, 4)))))


def _relit(rgb: Rgb, random: np.random.Generator) -> Rgb:
    picture = ImageEnhance.Brightness(Image.fromarray(rgb)).enhance(random.uniform(0.7, 1.3))
    picture = ImageEnhance.Contrast(picture).enhance(random.uniform(0.75, 1.3))
    gamma = random.uniform(0.8, 1.25)
    curve = np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
    return curve[np.asarray(picture)]


def _light(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(_relit(photo.rgb, random))


def _marked(rgb: Rgb, random: np.random.Generator) -> Rgb:
    """A word, and half of the time a badge behind it: 10 to 35 % of the width, anywhere."""
    picture = Image.fromarray(rgb)
    word = str(random.choice(_WORDS))
    draw = ImageDraw.Draw(picture)
    wanted = picture.width * random.uniform(0.2, 0.5)
    font = ImageFont.load_default(size=max(8.0, 16 * wanted / draw.textlength(word, ImageFont.load_default(size=16))))
    x0, y0, x1, y1 = draw.textbbox((0, 0), word, font=font)
    x = random.uniform(0, max(1, picture.width - x1)) - x0
    y = random.uniform(0, max(1, picture.height - y1)) - y0
    colours = [tuple(int(level) for level in random.integers(0, 256, 3)) for _ in range(2)]
    if random.random() < 0.5:
        pad = 0.2 * (y1 - y0)
        draw.rounded_rectangle((x + x0 - pad, y + y0 - pad, x + x1 + pad, y + y1 + pad), pad, fill=colours[1])
    draw.text((x, y), word, font=font, fill=colours[0])
    return np.asarray(picture)


def _overlay(photo: Photo, random: np.random.Generator) -> Rgb:
    return _encoded(_marked(photo.rgb, random))


def _several(photo: Photo, random: np.random.Generator) -> Rgb:
    """What copies of copies look like: cropped, scaled, relit, half of them mirrored, and a poor JPEG."""
    rgb = _relit(_scaled(_cropped(photo.rgb, random), random), random)
    if random.random() < 0.5:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
    return _encoded(rgb, quality=int(random.integers(30, 91)))


@lru_cache(maxsize=1)
def _segment() -> Callable[[Photo], Mask]:
    return segmenter("cutout", Settings(threads=1))


_MASKS: dict[str, Mask | None] = {}


def _mask(photo: Photo) -> Mask | None:
    if photo.sha256 not in _MASKS:
        try:
            mask = _segment()(photo)
        except NothingToCutOut:
            mask = None
        found = mask is not None and _COVER[0] <= mask.coverage <= _COVER[1]
        _MASKS[photo.sha256] = mask if found else None
    return _MASKS[photo.sha256]


def _on_white(photo: Photo, random: np.random.Generator) -> Rgb | None:
    """What packshot makes of it: cut out, centred on a white square; None where no product is found."""
    mask = _mask(photo)
    if mask is None:
        return None
    spec = Composition(aspect=1, longest_side=int(random.integers(300, 801)))
    return decode(compose(cut_out(photo, mask), spec).data).rgb


def _colour_variant(photo: Photo, random: np.random.Generator) -> Rgb | None:
    """The product in another hue of the same lightness, where that makes a colour anybody would call another one."""
    mask = _mask(photo)
    if mask is None:
        return None
    lab = cv2.cvtColor(photo.rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    angle = random.uniform(math.pi / 3, math.pi) * random.choice([-1, 1])
    turned = lab.copy()
    turned[..., 1] = math.cos(angle) * lab[..., 1] - math.sin(angle) * lab[..., 2]
    turned[..., 2] = math.sin(angle) * lab[..., 1] + math.cos(angle) * lab[..., 2]
    product = mask.alpha >= 0.5
    if np.median(np.hypot(lab[product][:, 1], lab[product][:, 2])) < 20:
        # Black, white and grey have no hue to turn: they are dyed.
        hue = random.uniform(0, 2 * math.pi)
        turned[..., 1:] += np.float32(30) * np.array([math.cos(hue), math.sin(hue)], np.float32)
    dyed = np.clip(cv2.cvtColor(turned, cv2.COLOR_LAB2RGB) * 255, 0, 255)
    alpha = mask.alpha[..., None]
    rgb = np.rint(photo.rgb * (1 - alpha) + dyed * alpha).astype(np.uint8)
    after = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    if np.median(np.linalg.norm(after - lab, axis=-1)[product]) < _VISIBLE:
        return None
    return _encoded(rgb)


ALTERATIONS: dict[str, Callable[[Photo, np.random.Generator], Rgb | None]] = {
    "JPEG quality 30-90": _jpeg,
    "WebP quality 30-90": _webp,
    "resize 0.3-2": _resize,
    "crop 70-95 %": _crop,
    "mirror": _mirror,
    "turn by 90, 180, 270": _turn,
    "light and contrast": _light,
    "white ground": _on_white,
    "text or badge": _overlay,
    "several at once": _several,
    VARIANT: _colour_variant,
}
