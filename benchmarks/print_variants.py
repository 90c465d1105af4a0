"""Whether products that differ in print alone are kept apart, and copies still found.

    PACKSHOT_DATA=../shared/data python benchmarks/print_variants.py --photos 20

Two words are printed on the product of each photo, on a sticker or straight, 8 to 30 % of the photo wide: 250 ml and
500 ml, Mild and Hot ... A pair is the photo with one word, saved again, and the photo with the other, saved again,
resized (0.6 to 1.6) or cropped by up to 6 % a side. Beside it stand copies of the plain photo and of the photo with the
same word (altered_pictures.py). ``before`` are those called duplicates by the score alone, as until 2026-11-28; ``now``
with the look at print. The thresholds were chosen on training photos (``--split train``).
"""

from __future__ import annotations

import argparse
import math
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from altered_pictures import ALTERATIONS, VARIANT, Original, _encoded, _mask, originals
from packshot.duplicates import DUPLICATE, fingerprint_of, match_fingerprints
from packshot.duplicates.match import _score, evidence
from packshot.duplicates.verification import lay_over
from packshot.values import Rgb

WORDS = (
    ("250 ml", "500 ml"),
    ("Mild", "Hot"),
    ("1 l", "2 l"),
    ("S", "XL"),
    ("Size 38", "Size 42"),
    ("Vanilla", "Lemon"),
    ("No. 5", "No. 7"),
    ("65 W", "95 W"),
    ("Coffee", "Cocoa"),
    ("2,5 kg", "1,5 kg"),
)
WITH_LABEL = ("JPEG quality 30-90", "resize 0.3-2", "crop 70-95 %", "light and contrast", "mirror", "several at once")


def printed(original: Original, random: np.random.Generator) -> tuple[Rgb, Rgb]:
    """The photo with either of two words on its product."""
    rgb, mask = original.photo.rgb, _mask(original.photo)
    words = WORDS[random.integers(len(WORDS))]
    longest = max(words, key=len)
    height, width = rgb.shape[:2]
    rows, columns = (np.array([height // 2]), np.array([width // 2])) if mask is None else np.nonzero(mask.alpha > 0.9)
    chosen = random.integers(len(rows))
    x, y = (columns[chosen] + np.median(columns)) / 2, (rows[chosen] + np.median(rows)) / 2
    draw = ImageDraw.Draw(Image.new("RGB", (9, 9)))
    wanted = width * random.uniform(0.08, 0.3)
    font = ImageFont.load_default(
        size=max(9.0, 16 * wanted / draw.textlength(longest, ImageFont.load_default(size=16)))
    )
    sticker = random.random() < 0.6
    dark = sticker or rgb[int(y), int(x)].mean() > 128
    ink = tuple(int(level) for level in (random.integers(0, 70, 3) if dark else random.integers(190, 256, 3)))
    paper = tuple(int(level) for level in random.integers(190, 256, 3))
    made = []
    for word in words:
        picture = Image.fromarray(rgb)
        draw = ImageDraw.Draw(picture)
        left, top, right, bottom = draw.textbbox((x, y), longest, font=font, anchor="mm")
        pad = 0.3 * (bottom - top)
        if sticker:
            draw.rectangle((left - pad, top - pad, right + pad, bottom + pad), fill=paper)
        draw.text((x, y), word, font=font, fill=ink, anchor="mm")
        made.append(np.asarray(picture))
    return made[0], made[1]


def changed_a_little(rgb: Rgb, random: np.random.Generator) -> Rgb:
    height, width = rgb.shape[:2]
    kind = random.integers(3)
    if kind == 1:
        factor = math.exp(random.uniform(math.log(0.6), math.log(1.6)))
        size = round(width * factor), round(height * factor)
        rgb = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
    elif kind == 2:
        top, bottom, left, right = (int(random.uniform(0, 0.06) * side) for side in (height, height, width, width))
        rgb = np.ascontiguousarray(rgb[top : height - bottom, left : width - right])
    return _encoded(rgb, quality=int(random.integers(50, 96)))


def pairs(gallery: list[Original], seed: int) -> Iterator[tuple[str, bool, Rgb, Rgb]]:
    """Kind, whether they are duplicates, and the two pictures."""
    for position, original in enumerate(gallery):
        random = np.random.default_rng((seed, position, 7))
        one, other = printed(original, random)
        for kind, alter in ALTERATIONS.items():
            copy = alter(original.photo, random) if kind != VARIANT else None
            if copy is not None:
                yield kind, True, original.photo.rgb, copy
        saved = _encoded(one, quality=92)
        for kind in WITH_LABEL:
            copy = ALTERATIONS[kind](replace(original.photo, rgb=saved), random)
            if copy is not None:
                yield f"with a word: {kind}", True, saved, copy
        for _ in range(2):
            yield "another word", False, saved, changed_a_little(other, random)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PACKSHOT_DATA", "../shared/data")))
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("--split", default="validation", choices=["train", "validation"])
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    gallery = originals(options.data, split=options.split, seed=options.seed, number=options.photos)
    for kind, right, first, second in pairs(gallery, options.seed):
        one, other = fingerprint_of(first), fingerprint_of(second)
        laid = lay_over(one, other)
        match = match_fingerprints(one, other)
        before = laid is not None and _score(*evidence(one, other, laid[1])) >= DUPLICATE
        found[kind].append((right, before, match is not None and match.duplicate))
    print(f"{len(gallery)} photos, {options.split}\n\n| pair | is | pairs | before | now |\n|---|---|---|---|---|")
    for kind, rows in found.items():
        print(_row(kind, "a copy" if rows[0][0] else "another product", rows))
    every = [row for rows in found.values() for row in rows]
    for when, at in (("before", 1), ("now", 2)):
        hits = sum(row[at] for row in every if row[0])
        print(f"\n{when}: precision {hits / sum(row[at] for row in every):.3f}, ", end="")
        print(f"recall {hits / sum(row[0] for row in every):.3f}", end="")
    print(f" at {DUPLICATE}")


def _row(kind: str, truth: str, rows: list[tuple[bool, bool, bool]]) -> str:
    before, now = (sum(row[at] for row in rows) for at in (1, 2))
    return f"| {kind} | {truth} | {len(rows)} | {before} | {now} |"


if __name__ == "__main__":
    main()
