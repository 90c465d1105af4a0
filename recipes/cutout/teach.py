"""Masks by a teacher network for photos without labels, and how far each can be trusted.

    packshot models fetch u2net
    python recipes/cutout/teach.py caltech-101/101_ObjectCategories -o taught/objects
    python recipes/cutout/teach.py $PACKSHOT_DATA/clothing/images -o taught/clothing --list train.txt

OUT gets masks/ (8-bit, the photo's size) and masks.csv: `image` (relative to the table), `mask`, `area` (share
of the photo), `agreement` (IoU of the teacher's looks at the photo and at its mirror) and `undecided` (share of
pixels in 0.15..0.85, of the product's area). The recipe takes masks with an agreement of 0.92 and at most 0.2
undecided. A second run goes on where the first stopped. About 0.7 s a photo on two cores.
"""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import read_rgb
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

COLUMNS = ("image", "mask", "area", "agreement", "undecided")


def look(network: Network, rgb: Rgb) -> Alpha:
    """The network's probability of a photo whose brightest value is stretched to 255: float32 (h', w'), 0..1."""
    bright = np.clip(rgb.astype(np.float32) * (255 / max(1, int(rgb.max()))), 0, 255).astype(np.uint8)
    return network.run(network.prepare(bright))[0, 0]


def teach(network: Network, rgb: Rgb) -> tuple[Alpha, dict[str, float]]:
    """The mean of the looks at a photo and at its mirror, float32 (h', w') in 0..1, and how far it can be trusted."""
    plain = look(network, rgb)
    mirrored = look(network, np.ascontiguousarray(rgb[:, ::-1]))[:, ::-1]
    mean = (plain + mirrored) / 2
    one, other = plain > 0.5, mirrored > 0.5
    area = int(np.count_nonzero(mean > 0.5))
    figures = {
        "area": area / mean.size,
        "agreement": np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other)),
        "undecided": np.count_nonzero((mean > 0.15) & (mean < 0.85)) / max(1, area),
    }
    return np.asarray(mean, np.float32), figures


def main() -> None:
    """Read the command line, teach one photo after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--model", default="u2net")
    parser.add_argument(
        "--list", type=Path, help="names of the photos to take, one a line; by default all below PHOTOS"
    )
    options = parser.parse_args()
    network = load(options.model, Settings())
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
            rgb = read_rgb(photo)
            mean, figures = teach(network, rgb)
            mask = f"masks/{name}.png"
            grey = np.rint(resize(mean, size=(rgb.shape[1], rgb.shape[0])).clip(0, 1) * 255).astype(np.uint8)
            cv2.imwrite(str(options.out / mask), grey)
            row = {name: f"{value:.4f}" for name, value in figures.items()}
            writer.writerow({"image": image, "mask": mask, **row})
            file.flush()


if __name__ == "__main__":
    main()
