"""Leave open what a mask may have filled: parts of it that have the colours of the background around them.

    python recipes/cutout/undecide.py taught/objects/masks.csv --photos caltech-101 -o open/objects
    python recipes/cutout/undecide.py outlined/outlined.csv -o open/outlined

Teachers fill what lies between spokes, spindles and strings, and so does whoever outlines a chair. A network that
learns from such masks fills it, too. Where the background is smooth its colours are known from outside the mask; what
has them inside is marked as undecided (128), so that it teaches nothing, and is no part of what a scene cuts out.

TABLE is masks.csv of teach.py or outlined.csv of outlined/gather.py; OUT gets the same table and its masks. Rows whose
teachers disagree more than the recipe allows are left out. A mask of which half would be open stays as it is: there the
product has the background's colours, and no one can tell. A second run goes on where the first was stopped.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.datasets import read_rgb
from packshot.values import AnyArray, Rgb

AGREEMENT, UNDECIDED = 0.88, 0.2  # as in recipe.toml
OPEN = 128
SIDE = 352  # pixels: a copy whose longer side this is is looked at
MOST = 0.45  # of a mask that may be open
LEAST = 12  # pixels of a part

_WINDOW = np.ones((3, 3), np.uint8)
_SCALES = (15.0, 6.0, 2.5)  # standard deviations of the neighbourhood, in pixels of a copy four times smaller
_KNOWN = 0.15  # of a neighbourhood: from this share of background on, its own colours count
_ALIKE, _PER_NOISE = 2.5, 1.5  # CIELAB, the mean over channels; and of the background's own deviation
_SMOOTH = 6.5  # the most that the background may deviate
_FLAT = 2.5  # the most that the part's colours may change from pixel to pixel
_OTHER = 1.5  # so many times as far from the background's colours is what surrounds the part

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


def main() -> None:
    """Read the command line, look at one mask after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--photos", type=Path, action="append", default=[], help="a folder of the photos; repeatable")
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    (options.out / "masks").mkdir(parents=True, exist_ok=True)
    with options.table.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if _agreed(row)]
    if not rows:
        raise SystemExit(f"{options.table}: no mask on which its teachers agree to {AGREEMENT}")
    changed = 0
    for row in rows:
        target = options.out / row["mask"]
        if target.is_file():
            continue
        mask = cv2.imread(str(options.table.parent / row["mask"]), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise SystemExit(f"{options.table.parent / row['mask']}: no mask there")
        rgb = read_rgb(_photo(row["image"], (options.table.parent, *options.photos)))
        open_ = openings(cv2.resize(rgb, mask.shape[::-1], interpolation=cv2.INTER_AREA), mask)
        changed += bool(open_.any())
        cv2.imwrite(str(target), np.where(open_, OPEN, mask).astype(np.uint8))
    with (options.out / options.table.name).open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    print(f"{len(rows)} masks in {options.out}, {changed} of them changed by this run")


def openings(rgb: Rgb, mask: NDArray[np.uint8]) -> Bools:
    """What may be background seen through the product: bool (h, w).

    Args:
        rgb: uint8 (h, w, 3).
        mask: uint8 (h, w).
    """
    scale = SIDE / max(mask.shape)
    size = max(8, round(mask.shape[1] * scale)), max(8, round(mask.shape[0] * scale))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.cvtColor(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 0.7)
    inside = small > 0.5
    background = cv2.erode((small < 0.1).astype(np.uint8), _WINDOW, iterations=2) > 0
    found = np.zeros(small.shape, np.uint8)
    if background.mean() >= 0.03:
        colours, deviation = surroundings(lab, background)
        away = _length(lab - colours)
        alike = inside & (away < _ALIKE + _PER_NOISE * deviation)
        parts = cv2.morphologyEx(alike.astype(np.uint8), cv2.MORPH_OPEN, _WINDOW)
        slope = _slope(lab)
        count, labels = cv2.connectedComponents(parts, connectivity=4)
        for number in range(1, count):
            part = (labels == number).astype(np.uint8)
            if _seen_through(part, inside, away, deviation, slope):
                found |= cv2.dilate(part, _WINDOW)
    if np.count_nonzero(found) > MOST * np.count_nonzero(inside):
        return np.zeros(mask.shape, bool)
    full = cv2.resize(found.astype(np.float32), mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray((full > 0.5) & (mask > 255 * 0.15))


def surroundings(lab: AnyArray, known: Bools) -> tuple[Floats, Floats]:
    """Mean colour and deviation of what is known around each pixel, from as near as enough of it is: (h, w, 3), (h, w).

    Args:
        lab: float32 (h, w, 3).
        known: bool (h, w), the background.
    """
    height, width = known.shape
    size = max(1, width // 4), max(1, height // 4)
    there = known.astype(np.float32)
    share, total, squares = (
        cv2.resize(field, size, interpolation=cv2.INTER_AREA)
        for field in (there, lab * there[..., None], lab * lab * there[..., None])
    )
    mean = spread = None
    for scale in _SCALES:
        weight = cv2.GaussianBlur(share, (0, 0), scale) + 1e-6
        here = cv2.GaussianBlur(total, (0, 0), scale) / weight[..., None]
        varies = np.maximum(cv2.GaussianBlur(squares, (0, 0), scale) / weight[..., None] - here * here, 0)
        if mean is None or spread is None:
            mean, spread = here, varies
            continue
        nearer = np.clip(weight / _KNOWN, 0, 1)[..., None]
        mean, spread = mean + nearer * (here - mean), spread + nearer * (varies - spread)
    assert mean is not None  # noqa: S101 - there are scales
    assert spread is not None  # noqa: S101 - the same
    colours = np.asarray(cv2.resize(mean, (width, height)), np.float32)
    return colours, np.asarray(np.sqrt(cv2.resize(spread, (width, height)).mean(axis=2)), np.float32)


def _seen_through(part: NDArray[np.uint8], inside: Bools, away: Floats, deviation: Floats, slope: Floats) -> bool:
    """Whether a part has a smooth background's colours, is flat, and differs from what surrounds it."""
    x, y, width, height = cv2.boundingRect(part)
    box = slice(max(0, y - 4), y + height + 4), slice(max(0, x - 4), x + width + 4)
    mine, part = part[box] > 0, part[box]
    if np.count_nonzero(mine) < LEAST or deviation[box][mine].mean() >= _SMOOTH:
        return False
    near, far = cv2.dilate(part, _WINDOW) > 0, cv2.dilate(part, _WINDOW, iterations=3) > 0
    ring = far & ~near & inside[box]
    core = cv2.erode(part, _WINDOW) > 0
    own = float(away[box][mine].mean())
    return (
        np.count_nonzero(ring) >= 5
        and own < 9
        and float(slope[box][core if core.any() else mine].mean()) < _FLAT
        and float(np.median(away[box][ring])) >= _OTHER * max(own, 0.5)
    )


def _slope(lab: AnyArray) -> Floats:
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *axis) / 8 for axis in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt((across * across + down * down).mean(axis=2)), np.float32)


def _length(difference: AnyArray) -> Floats:
    return np.asarray(np.sqrt((difference * difference).mean(axis=2)), np.float32)


def _agreed(row: dict[str, str]) -> bool:
    return "agreement" not in row or (float(row["agreement"]) >= AGREEMENT and float(row["undecided"]) <= UNDECIDED)


def _photo(image: str, folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        if (folder / image).is_file():
            return folder / image
    raise SystemExit(f"{image}: not there; name its folder with --photos")


if __name__ == "__main__":
    main()
