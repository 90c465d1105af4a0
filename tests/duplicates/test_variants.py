"""Products that differ in print alone are no copies, and of copies the plain one is the best."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from packshot.duplicates import find_duplicates, fingerprint_of, match_fingerprints
from packshot.values import Rgb


def bottle(words: str, *, shift: int = 0) -> Rgb:
    """A blue bottle with a white label, on white."""
    image = Image.new("RGB", (800, 800), "white")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((300 + shift, 180, 500 + shift, 700), 40, fill="#2060a0")
    draw.rectangle((360 + shift, 100, 440 + shift, 190), fill="#333")
    draw.rectangle((310 + shift, 380, 490 + shift, 520), fill="white")
    draw.text((330 + shift, 420), words, fill="black", font=ImageFont.load_default(40))
    return np.asarray(image)


def labelled(photo: Rgb, words: str, size: int = 34) -> Rgb:
    """The photo with a sticker on what it shows."""
    image = Image.fromarray(photo)
    draw = ImageDraw.Draw(image)
    box = draw.textbbox((280, 190), "Vanilla 500 g", font=ImageFont.load_default(size), anchor="mm")
    draw.rectangle((box[0] - 10, box[1] - 10, box[2] + 10, box[3] + 10), fill="#f4ead0")
    draw.text((280, 190), words, font=ImageFont.load_default(size), fill="#301010", anchor="mm")
    return np.asarray(image)


def banner(photo: Rgb) -> Rgb:
    image = Image.fromarray(photo)
    draw = ImageDraw.Draw(image)
    wide, high = photo.shape[1] * 0.45, photo.shape[0] * 0.13
    draw.rectangle((0, 20, wide, 20 + high), fill="#e00030")
    draw.text((wide / 2, 20 + high / 2), "SALE -20%", font=ImageFont.load_default(wide / 6), fill="white", anchor="mm")
    return np.asarray(image)


def framed(photo: Rgb, colour: str = "#103060", width: int = 40) -> Rgb:
    return np.asarray(ImageOps.expand(Image.fromarray(photo), width, colour))


def passepartout(photo: Rgb) -> Rgb:
    return framed(photo, "#fafafa", 60)


def framed_banner(photo: Rgb) -> Rgb:
    return framed(banner(photo))


def smaller(photo: Rgb, factor: float = 0.6) -> Rgb:
    return cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def duplicate(one: Rgb, other: Rgb) -> bool:
    match = match_fingerprints(fingerprint_of(one), fingerprint_of(other))
    return match is not None and match.duplicate


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(("250 ml", "500 ml", "Mild", "Hot"), 2)))
def test_bottles_with_other_words_are_other_products(one: str, other: str) -> None:
    assert not duplicate(bottle(one), bottle(other))


@pytest.mark.parametrize(("one", "other"), [("250 ml", "500 ml"), ("Mild", "Hot")])
def test_they_are_however_they_were_saved(one: str, other: str, encoded) -> None:
    assert not duplicate(bottle(one), encoded(bottle(other, shift=60), quality=60))
    assert not duplicate(encoded(smaller(bottle(one))), bottle(other))


def test_a_bottle_moved_or_saved_again_is_the_same() -> None:
    assert duplicate(bottle("250 ml"), bottle("250 ml", shift=60))
    assert duplicate(bottle("250 ml"), smaller(bottle("250 ml"), 0.4))


@pytest.mark.parametrize("photo", ["coffee", "chelsea"])
@pytest.mark.parametrize(("one", "other"), [("Vanilla 500 g", "Lemon 250 g"), ("Mild", "Hot"), ("Size 38", "Size 42")])
def test_stickers_on_photographs(photo: str, one: str, other: str, request, encoded, relit) -> None:
    picture = request.getfixturevalue(photo)
    first, second = labelled(picture, one), labelled(picture, other)
    changes = [
        lambda rgb: rgb,
        lambda rgb: encoded(rgb, quality=50),
        lambda rgb: encoded(smaller(rgb, 0.7)),
        lambda rgb: encoded(np.ascontiguousarray(rgb[10:-14, 12:])),
        lambda rgb: encoded(relit(rgb, 0.85)),
        lambda rgb: encoded(np.ascontiguousarray(rgb[:, ::-1])),
    ]
    for change in changes:
        assert duplicate(first, change(first))
        assert not duplicate(first, change(second))


@pytest.mark.parametrize("photo", ["coffee", "chelsea"])
@pytest.mark.parametrize(
    ("one", "other"), [("Vanilla 250 g", "Vanilla 500 g"), ("Type No. 5", "Type No. 7"), ("SPF 30", "SPF 50")]
)
def test_small_print_and_single_digits(photo: str, one: str, other: str, request, encoded) -> None:
    picture = request.getfixturevalue(photo)
    first, second = labelled(picture, one, 18), labelled(picture, other, 18)
    for change in (
        lambda rgb: encoded(rgb, quality=60),
        lambda rgb: encoded(np.ascontiguousarray(rgb[10:-14, 12:])),
    ):
        assert duplicate(first, change(first))
        assert not duplicate(first, change(second))
    assert duplicate(first, encoded(smaller(first, 0.5)))


@pytest.mark.parametrize("photo", ["coffee", "chelsea", "astronaut"])
@pytest.mark.parametrize("added", [banner, framed, passepartout, framed_banner])
def test_the_plain_copy_is_the_best_one(photo: str, added, request, encoded) -> None:
    picture = request.getfixturevalue(photo)
    changed = encoded(added(picture), quality=92)
    for pictures, best in (([picture, changed], 0), ([changed, picture], 1), ([changed, smaller(picture, 0.8)], 1)):
        (group,) = find_duplicates(map(fingerprint_of, pictures))
        assert group.best == best, (photo, len(pictures), best)


def test_a_plain_copy_of_a_few_pixels_is_not_the_best_one(coffee) -> None:
    (group,) = find_duplicates(map(fingerprint_of, [banner(coffee), smaller(coffee, 0.3)]))
    assert group.best == 0


def test_the_whole_picture_stays_better_than_a_crop(coffee, astronaut, chelsea, encoded) -> None:
    """The rim of a crop is no edge in the whole picture, as a frame's is."""
    for picture in (coffee, astronaut, chelsea):
        high, wide = picture.shape[:2]
        crop = encoded(np.ascontiguousarray(picture[high // 12 : -high // 12, wide // 10 : -wide // 12]))
        (group,) = find_duplicates(map(fingerprint_of, [crop, picture]))
        assert group.best == 1
