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

from packshot.cutout.seen_through import find_parts, smooth_lab
from packshot.datasets import read_rgb
from packshot.storage import write_atomic
from packshot.values import AnyArray, Rgb

AGREEMENT, UNDECIDED = 0.88, 0.2  # as in recipe.toml
OPEN = 128
SIDE = 352  # pixels: a copy whose longer side this is is looked at
MOST = 0.45  # of a mask that may be open
SMOOTH = 6.5  # CIELAB: the most that the background around a part may deviate
FLAT = 2.5  # the most that a part's colours may change from pixel to pixel
OTHER = 1.5  # so many times as far from the background's colours is what surrounds a part
AWAY = 9.0  # the most that a part may be away from them itself

_WINDOW = np.ones((3, 3), np.uint8)

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
        # Whole or not at all: a second run takes what is there for finished.
        write_atomic(target, cv2.imencode(".png", np.where(open_, OPEN, mask).astype(np.uint8))[1].tobytes())
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
    seen = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    slope = _slope(smooth_lab(seen))
    found = np.zeros(small.shape, np.uint8)
    for part in find_parts(small, seen):
        core = cv2.erode(part.inside.view(np.uint8), _WINDOW) > 0
        changes = float(slope[part.box][core if core.any() else part.inside].mean())
        if part.away < AWAY and part.deviation < SMOOTH and part.contrast >= OTHER and changes < FLAT:
            found[part.box] |= cv2.dilate(part.inside.view(np.uint8), _WINDOW)
    if np.count_nonzero(found) > MOST * np.count_nonzero(small > 0.5):
        return np.zeros(mask.shape, bool)
    full = cv2.resize(found.astype(np.float32), mask.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray((full > 0.5) & (mask > 255 * 0.15))


def _slope(lab: AnyArray) -> Floats:
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *axis) / 8 for axis in ((1, 0), (0, 1)))
    return np.asarray(np.sqrt((across * across + down * down).mean(axis=2)), np.float32)


def _agreed(row: dict[str, str]) -> bool:
    return "agreement" not in row or (float(row["agreement"]) >= AGREEMENT and float(row["undecided"]) <= UNDECIDED)


def _photo(image: str, folders: tuple[Path, ...]) -> Path:
    for folder in folders:
        if (folder / image).is_file():
            return folder / image
    raise SystemExit(f"{image}: not there; name its folder with --photos")


if __name__ == "__main__":
    main()
