"""Masks by teacher networks for photos without labels, and how far each can be trusted.

    packshot models fetch u2net && packshot models fetch u2netp
    export TEACHERS="--model u2net --model u2netp --model cutout"
    python recipes/cutout/teach.py caltech-101/101_ObjectCategories -o taught/objects $TEACHERS
    python recipes/cutout/teach.py $PACKSHOT_DATA/clothing/images -o taught/clothing --list train.txt $TEACHERS

A mask is the mean of what the networks see in a photo and in its mirror image. OUT gets masks/ (8-bit, the longer side
320 pixels, for the networks see no more) and masks.csv: `image` (relative to the table), `mask`, `area` (share of the
photo), `agreement` (IoU of the networks' masks, the mean over their pairs; of one network, of its two looks) and
`undecided` (share of pixels in 0.15..0.85, of the product's area). The recipe says which masks are taken. A second run
goes on where the first stopped. U2-Net takes about 0.7 s a photo on two cores, u2netp 0.5 s.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import read_rgb
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

COLUMNS = ("image", "mask", "area", "agreement", "undecided")
LONGEST = 320


def look(network: Network, rgb: Rgb) -> Alpha:
    """The network's probability of a photo whose brightest value is stretched to 255: float32 (h', w'), 0..1."""
    bright = np.clip(rgb.astype(np.float32) * (255 / max(1, int(rgb.max()))), 0, 255).astype(np.uint8)
    return network.run(network.prepare(bright))[0, 0]


def size_of(rgb: Rgb) -> tuple[int, int]:
    """(width, height) of a photo's mask: its longer side is `LONGEST`."""
    scale = LONGEST / max(rgb.shape[:2])
    return max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))


def teach(networks: Sequence[Network], rgb: Rgb) -> tuple[Alpha, dict[str, float]]:
    """The mean of the networks' looks at a photo and at its mirror image, and how far it can be trusted.

    Returns:
        float32 (h', w') in 0..1, as `size_of` says, and the figures of the table.
    """
    mirror = np.ascontiguousarray(rgb[:, ::-1])
    looks = [(look(network, rgb), look(network, mirror)[:, ::-1]) for network in networks]
    at_size = [[resize(np.ascontiguousarray(one), size=size_of(rgb)) for one in pair] for pair in looks]
    masks = [np.mean(pair, axis=0) for pair in at_size] if len(networks) > 1 else at_size[0]
    mean = np.asarray(np.mean(masks, axis=0), np.float32).clip(0, 1)
    area = int(np.count_nonzero(mean > 0.5))
    figures = {
        "area": area / mean.size,
        "agreement": float(np.mean([overlap(*pair) for pair in itertools.combinations(masks, 2)])),
        "undecided": np.count_nonzero((mean > 0.15) & (mean < 0.85)) / max(1, area),
    }
    return mean, figures


def overlap(one: Alpha, other: Alpha) -> float:
    """Intersection over union at one half."""
    first, second = one > 0.5, other > 0.5
    return np.count_nonzero(first & second) / max(1, np.count_nonzero(first | second))


def main() -> None:
    """Read the command line, teach one photo after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--model", action="append", help="a name or a file; may be repeated [u2net]")
    parser.add_argument(
        "--list", type=Path, help="names of the photos to take, one a line; by default all below PHOTOS"
    )
    options = parser.parse_args()
    networks = [load(model, Settings()) for model in options.model or ["u2net"]]
    names = options.list.read_text().split() if options.list else None
    photos = [options.photos / n for n in names] if names else sorted(options.photos.rglob("*.jpg"))
    table = options.out / "masks.csv"
    (options.out / "masks").mkdir(parents=True, exist_ok=True)
    done, begun = set(), table.is_file() and table.stat().st_size > 0
    if begun:
        with table.open(newline="") as file:
            done = {row["image"] for row in csv.DictReader(file)}
    with table.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not begun:
            writer.writeheader()
        for photo in photos:
            image = Path(os.path.relpath(photo, options.out)).as_posix()
            if image in done:
                continue
            name = photo.relative_to(options.photos).with_suffix("").as_posix().replace("/", "_")
            mean, figures = teach(networks, read_rgb(photo))
            mask = f"masks/{name}.png"
            cv2.imwrite(str(options.out / mask), np.rint(mean * 255).astype(np.uint8))
            row = {name: f"{value:.4f}" for name, value in figures.items()}
            writer.writerow({"image": image, "mask": mask, **row})
            file.flush()


if __name__ == "__main__":
    main()
