"""Places in captions ("with bag at the right") against the hand labels of street photos.

    PACKSHOT_DATA=../shared/data python benchmarks/caption_places.py --limit 60

CCP has a label for every pixel. Of each thing that a caption names: whether the photo has it; and whether the place
that is named is the one in which the middle of its labelled pixels lies, by thirds of the photo. Beside it the rule of
before, by which the middles of a thing's boxes alone decided, and what would be right for the same things if the middle
of the photo were named always.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

from packshot.batch.record import record_of
from packshot.datasets import Split, described_items
from packshot.pipeline import Pipeline
from packshot.settings import Settings
from packshot.wording import load_languages
from packshot.wording.things import ZONES, things_in

#: A zone's row and column.
AT = {zone: (row, column) for row, zones in enumerate(ZONES) for column, zone in enumerate(zones)}


def middle_zone(mask: np.ndarray) -> str:
    """The part of a photo in which the middle of some pixels lies."""
    ys, xs = np.nonzero(mask)
    height, width = mask.shape
    return ZONES[min(2, int(3 * ys.mean() / height))][min(2, int(3 * xs.mean() / width))]


def by_middles(boxes: list[tuple[int, int, int, int]], size: tuple[int, int]) -> str | None:
    """The part of a photo in which the middles of all boxes lie."""
    found = {
        ZONES[min(2, int(3 * (y0 + y1) / 2 / size[1]))][min(2, int(3 * (x0 + x1) / 2 / size[0]))]
        for x0, y0, x1, y1 in boxes
    }
    return found.pop() if len(found) == 1 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["validation", "holdout"], default="validation")
    parser.add_argument("--limit", type=int, default=60)
    arguments = parser.parse_args()
    root, pipeline = Path(os.environ["PACKSHOT_DATA"]), Pipeline(settings=Settings())
    (english,) = load_languages(["en"])
    classes = [name.strip() for name in (root / "ccp" / "classes.txt").read_text(encoding="utf-8").split("\n")]
    items = [each for each in described_items(root) if each.source == "ccp" and each.split is Split(arguments.split)]
    order = np.random.default_rng(0).permutation(len(items))
    photos = named = there = 0
    said_of: dict[str, list[tuple[str, str]]] = {"by the caption": [], "by the middles of boxes": [], "the middle": []}
    for place in order.tolist():
        item = items[place]
        labels = cv2.imread(str(root / "ccp" / "labels" / f"{item.photo.stem}.png"), cv2.IMREAD_UNCHANGED)
        if labels is None or photos >= arguments.limit:
            continue
        photos += 1
        record = record_of(
            str(item.photo), pipeline.run(item.rgb(), name=item.photo.name, until="description"), files={}
        )
        found = things_in(record, english)
        for said in () if found is None else found[1].says:
            thing, _, zone = said.partition(" ")
            mask = labels == classes.index(thing) if thing in classes else np.zeros_like(labels, bool)
            named, there = named + 1, there + bool(mask.any())
            before = by_middles([each.box for each in record.products if each.label == thing], record.size or (1, 1))
            if mask.any():
                for name, place_said in zip(said_of, (zone, before, before and "middle"), strict=True):
                    said_of[name] += [(place_said, middle_zone(mask))] if place_said else []
            print(
                f"{item.photo.name}\t{said}\t{middle_zone(mask) if mask.any() else 'not there'}\t{before}", flush=True
            )
    print(f"{photos} photos, {named} things named, {there} of them labelled there")
    _table(said_of)


def _table(said_of: dict[str, list[tuple[str, str]]]) -> None:
    print("| place named | things | same place | same row | same column |")
    print("|---|---|---|---|---|")
    for name, pairs in said_of.items():
        same = np.array([np.equal(AT[said], AT[true]) for said, true in pairs]).reshape(-1, 2)
        print(f"| {name} | {len(pairs)} | {same.all(axis=1).sum()} | {same[:, 0].sum()} | {same[:, 1].sum()} |")


if __name__ == "__main__":
    main()
