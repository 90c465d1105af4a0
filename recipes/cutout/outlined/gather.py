"""Photos whose product somebody outlined by hand, from clones of public repositories: what stands in sets.toml.

    git clone https://github.com/OWNER/NAME clones/OWNER/NAME       # each of sets.toml, at its commit
    python recipes/cutout/outlined/gather.py clones -o outlined

Label files of YOLO that hold a box are emptied in the clones, for what a box surrounds was not outlined; so are those
with a class of `without`.

OUT gets masks/ and outlined.csv: `image` (in the clone), `mask`, `kind`, `set`, `licence`. Of several copies of one
photo that an export made (`NAME.rf.HASH`) the first by name is taken. Left out are photos on white, which teach
nothing that their background does not say already, those with more than six outlines (or `outlines`) or one that is a
box, products that fill less than 2 or more than 85 in 100 of the photo, and files named like an agency's or COCO's.
The rest is dealt by the SHA-256 of its name, so that `most` of a kind are always the same.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from packshot.datasets import Item, open_items
from packshot.errors import UsageError
from packshot.values import Rgb

COLUMNS = ("image", "mask", "kind", "set", "licence")
OUTLINES, AREA = 6, (0.02, 0.85)
_AGENCY = re.compile(r"i-?stock|shutterstock|getty|alamy|depositphotos|dreamstime|freepik|coco_|^0{4,}\d{6,}", re.I)
_COPY = re.compile(r"[_.-]?(jpe?g|png|webp)?\.rf\.\w+$", re.I)
_WHITE, _MOSTLY = 240, 0.6  # a grey level, and the share of the photo's border that reaches it


def main() -> None:
    """Gather all sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    (options.out / "masks").mkdir(parents=True, exist_ok=True)
    with Path(__file__).with_name("sets.toml").open("rb") as file:
        sets = tomllib.load(file)["set"]
    with (options.out / "outlined.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for each in sets:
            rows = list(gather(each, options.clones, options.out))
            table.writerows(rows)
            print(each["name"], dict(Counter(row[2] for row in rows)), flush=True)


def gather(each: dict[str, Any], clones: Path, out: Path) -> Iterator[tuple[str, ...]]:
    """The rows of one set, whose masks are written."""
    name, clone, most = each["name"], clones / each["repository"], each["most"]
    kinds = each.get("kinds")
    counts: Counter[str] = Counter()
    drop_labels(clone / each["path"], without=each.get("without", ()))
    items = chosen(
        clone / each["path"],
        each.get("skip", "(?!)"),
        copies=each.get("copies", True),
        outlines=each.get("outlines", OUTLINES),
    )
    for item in items:
        kind = name if kinds is None else kinds.get(item.label)
        if kind is None or counts[kind] >= most:
            continue
        rgb, alpha = item.pair()
        if on_white(rgb) or not AREA[0] <= float(alpha.mean()) <= AREA[1]:
            continue
        counts[kind] += 1
        mask = f"masks/{name}-{hashlib.sha256(item.photo.name.encode()).hexdigest()[:12]}.png"
        cv2.imwrite(str(out / mask), np.rint(alpha * 255).astype(np.uint8))
        yield str(item.photo.absolute()), mask, kind if kinds is None else f"{name}/{kind}", name, each["licence"]


def chosen(folder: Path, skip: str, *, copies: bool, outlines: int) -> list[Item]:
    """The photos that may take part, each once, in an order that its name alone decides."""
    items = {}
    for item in sorted(open_items(folder, task="segmentation"), key=lambda item: item.photo.name):
        photo = item.photo.name
        if 1 <= len(item.regions) <= outlines and not _AGENCY.search(photo) and not re.search(skip, photo):
            items.setdefault(_COPY.sub("", item.photo.stem) if copies else photo, item)
    return sorted(items.values(), key=lambda item: hashlib.sha256(item.photo.name.encode()).hexdigest())


def drop_labels(folder: Path, *, without: Collection[str]) -> None:
    """Empty YOLO's label files that hold a box among their outlines, or a class of `without`."""
    for file in folder.glob("**/labels/*.txt"):
        lines = [line.split() for line in file.read_text().splitlines()]
        if any(len(line) == 5 or (line[:1] and line[0] in without) for line in lines):
            file.write_text("")


def on_white(rgb: Rgb) -> bool:
    """Whether most of the photo's border is white."""
    border = np.concatenate([side.reshape(-1, 3) for side in (rgb[:4], rgb[-4:], rgb[:, :4], rgb[:, -4:])])
    return float((border.min(axis=1) >= _WHITE).mean()) > _MOSTLY


if __name__ == "__main__":
    try:
        main()
    except UsageError as error:
        raise SystemExit(f"{error.message}: {error.remedy}") from error
