"""Whether single digits and small print keep products apart, and copies are still found.

    PACKSHOT_DATA=../shared/data python benchmarks/small_print.py --photos 32

Two words that differ in a digit or two, or in all letters, are printed on a sticker in the middle of street photos of
640 pixels, 5 to 16 % of their width: letters of 9 to 30 pixels. The first is saved at quality 92. Of each pair the
table says how many are duplicates by the score alone, with the look at 288 pixels, and with the second look at up to
640 (``now``).
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from altered_pictures import _encoded
from packshot.duplicates import DUPLICATE, Fingerprint, fingerprint_of, match_fingerprints
from packshot.duplicates.match import _score, evidence
from packshot.duplicates.verification import lay_over
from packshot.values import Rgb

WORDS = (
    ("250 ml", "500 ml"),
    ("No. 5", "No. 7"),
    ("65 W", "95 W"),
    ("1 l", "2 l"),
    ("Size 38", "Size 42"),
    ("2,5 kg", "1,5 kg"),
    ("Mild", "Hot"),
    ("SPF 30", "SPF 50"),
    ("12 pcs", "18 pcs"),
    ("6 V", "9 V"),
)
SPREAD = 7  # every seventh photo by name


def printed(rgb: Rgb, random: np.random.Generator) -> tuple[Rgb, Rgb]:
    """The photo with either of two words."""
    height, width = rgb.shape[:2]
    words = WORDS[random.integers(len(WORDS))]
    longest = max(words, key=len)
    wanted = width * random.uniform(0.05, 0.16)
    draw = ImageDraw.Draw(Image.new("RGB", (9, 9)))
    plain = draw.textlength(longest, ImageFont.load_default(size=16))
    font = ImageFont.load_default(size=max(9.0, 16 * wanted / plain))
    x, y = width * random.uniform(0.35, 0.65), height * random.uniform(0.35, 0.65)
    made = []
    for word in words:
        picture = Image.fromarray(rgb)
        draw = ImageDraw.Draw(picture)
        left, top, right, bottom = draw.textbbox((x, y), longest, font=font, anchor="mm")
        pad = 0.3 * (bottom - top)
        draw.rectangle((left - pad, top - pad, right + pad, bottom + pad), fill=(240, 236, 225))
        draw.text((x, y), word, font=font, fill=(30, 20, 40), anchor="mm")
        made.append(np.asarray(picture))
    return made[0], made[1]


def scaled(rgb: Rgb, factor: float) -> Rgb:
    size = round(rgb.shape[1] * factor), round(rgb.shape[0] * factor)
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))


def cropped(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    return np.ascontiguousarray(rgb[int(0.04 * height) : int(0.97 * height), int(0.05 * width) : int(0.98 * width)])


CHANGES: dict[str, Callable[[Rgb], Rgb]] = {
    "JPEG 80": lambda rgb: _encoded(rgb, quality=80),
    "JPEG 60": lambda rgb: _encoded(rgb, quality=60),
    "JPEG 35": lambda rgb: _encoded(rgb, quality=35),
    "resized to 80 %": lambda rgb: _encoded(scaled(rgb, 0.8), quality=85),
    "resized to 50 %": lambda rgb: _encoded(scaled(rgb, 0.5), quality=85),
    "enlarged to 150 %": lambda rgb: _encoded(scaled(rgb, 1.5), quality=80),
    "cropped": lambda rgb: _encoded(cropped(rgb), quality=80),
    "mirrored": lambda rgb: _encoded(np.ascontiguousarray(rgb[:, ::-1]), quality=70),
}


def verdicts(one: Fingerprint, other: Fingerprint) -> tuple[bool, bool, bool]:
    """Whether they are duplicates by the score alone, with the look at 288 pixels, and now."""
    laid = lay_over(one, other)
    if laid is None or _score(*evidence(one, other, laid[1])) < DUPLICATE:
        return False, False, False
    coarse, now = (
        match_fingerprints(*pair) for pair in ([replace(each, fine=b"") for each in (one, other)], (one, other))
    )
    return True, coarse is not None and coarse.duplicate, now is not None and now.duplicate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PACKSHOT_DATA", "../shared/data")))
    parser.add_argument("--photos", type=int, default=32)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    files = [path for path in sorted((options.data / "ccp" / "photos").glob("*.jpg")) if _is_large(path)]
    counts = {(kind, same): np.zeros(3, int) for same in (False, True) for kind in CHANGES}
    for index, path in enumerate(files[::SPREAD][: options.photos]):
        first, second = printed(np.asarray(Image.open(path).convert("RGB")), np.random.default_rng((7, index)))
        saved = _encoded(first, quality=92)
        one = fingerprint_of(saved)
        for kind, same in counts:
            counts[kind, same] += verdicts(one, fingerprint_of(CHANGES[kind](saved if same else second)))
    print(f"{options.photos} photos\n")
    print("| change | pair is | by the score | look at 288 pixels | now |\n|---|---|---|---|---|")
    for (kind, same), row in counts.items():
        print(f"| {kind} | {'a copy' if same else 'another product'} | " + " | ".join(map(str, row)) + " |")


def _is_large(path: Path) -> bool:
    with Image.open(path) as photo:
        return max(photo.size) >= 600


if __name__ == "__main__":
    main()
