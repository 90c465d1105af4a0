"""Masks by teacher networks for photos whose product somebody put a box around.

    python recipes/cutout/teach_in_boxes.py boxed/boxes.csv --photos clones -o taught/boxed --model u2net --model cutout

The teachers look at the box with a margin, so they see no other product, and what they see outside of it is nothing. A
mask is kept where it fills its box: a person said where the product ends, which is what teachers know least.

BOXES has the columns `image` (relative to PHOTOS, by default to the table), `x0`, `y0`, `x1`, `y1` (pixels) and `kind`.
OUT gets masks/ (8-bit, the longer side at most 512 pixels) and masks.csv as `teach.py` writes it, with `kind` and
`fills` (IoU of the box and the mask's own bounding box) besides; rows below 0.85 are left out of it. A second run
begins anew.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import cv2
import numpy as np
from teach import COLUMNS, teach

from packshot.datasets import read_rgb
from packshot.errors import PackshotError
from packshot.runtime import load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import Alpha, Box

MARGIN = 0.15  # of the box's side, what the teachers see around it
FILLS = 0.85
LONGEST = 512


def around(box: Box, size: tuple[int, int]) -> Box:
    """The box with its margin, within a photo of (width, height)."""
    x, y = round(MARGIN * box.width), round(MARGIN * box.height)
    return Box(max(0, box.x0 - x), max(0, box.y0 - y), min(size[0], box.x1 + x), min(size[1], box.y1 + y))


def filling(mask: Alpha, box: Box) -> float:
    """Intersection over union of a box and the bounding box of a mask in the photo's pixels; 0 of an empty one."""
    ys, xs = np.nonzero(mask > 0.5)
    if not xs.size:
        return 0.0
    return box.iou(Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1))


def main() -> None:
    """Read the command line, teach one photo after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("boxes", type=Path)
    parser.add_argument("--photos", type=Path, help="folder of the photos [the table's own]")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--model", action="append", help="a name or a file; may be repeated [u2net]")
    options = parser.parse_args()
    networks = [load(model, Settings()) for model in options.model or ["u2net"]]
    (options.out / "masks").mkdir(parents=True, exist_ok=True)
    with options.boxes.open(newline="") as file:
        rows = list(csv.DictReader(file))
    kept = 0
    with (options.out / "masks.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, "kind", "fills"))
        writer.writeheader()
        for number, row in enumerate(rows):
            photo = (options.photos or options.boxes.parent) / row["image"]
            try:
                rgb = read_rgb(photo)
            except PackshotError as error:
                print(f"{photo}: {error}")
                continue
            box = Box(*(round(float(row[side])) for side in ("x0", "y0", "x1", "y1")))
            seen = around(box, rgb.shape[1::-1])
            mean, figures = teach(networks, np.ascontiguousarray(rgb[seen.slices]))
            mask = np.zeros(rgb.shape[:2], np.float32)
            mask[seen.slices] = resize(mean, size=(seen.width, seen.height))
            fills = filling(mask, box)
            if fills < FILLS:
                continue
            scale = min(1.0, LONGEST / max(rgb.shape[:2]))
            small = resize(mask, size=(round(rgb.shape[1] * scale), round(rgb.shape[0] * scale)))
            name = f"masks/{number:05d}.png"
            cv2.imwrite(str(options.out / name), np.rint(small.clip(0, 1) * 255).astype(np.uint8))
            figures["area"] = np.count_nonzero(small > 0.5) / small.size
            writer.writerow(
                {
                    "image": Path(os.path.relpath(photo, options.out)).as_posix(),
                    "mask": name,
                    **{key: f"{value:.4f}" for key, value in figures.items()},
                    "kind": row["kind"],
                    "fills": f"{fills:.4f}",
                }
            )
            file.flush()
            kept += 1
    print(f"{kept} of {len(rows)} masks fill their box")


if __name__ == "__main__":
    main()
