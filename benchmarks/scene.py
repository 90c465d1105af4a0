"""Several products in street photos: whether `packshot classify --scene` names and places them rightly.

    PACKSHOT_DATA=../shared/data python benchmarks/scene.py
    PACKSHOT_DATA=../shared/data python benchmarks/scene.py --split holdout --limit 40
    PACKSHOT_DATA=../shared/data python benchmarks/scene.py --alone --limit 60     # one garment, worn by nobody

CCP has a label for every pixel. A thing is right in name if its group is in the photo, and in place if its box has an
IoU of at least 0.3 or 0.5 with all of that group or a separate part of it. Groups below 0.2 % of a photo do not count.

Of a garment that nobody wears there should be one thing, with its name; the row above tells what is found of the same
photos where nothing says that nobody wears them, as until 2026-11-30.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout.maps import find_maps
from packshot.datasets import Described, Split, described_items
from packshot.description import Describer
from packshot.description.scene import things_in_scene
from packshot.evaluation import mask_boxes
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import Box, Mask

#: Node of our tree -> classes of CCP.
GROUPS = {
    "tops": "shirt blouse t-shirt top sweater sweatshirt jumper hoodie cardigan bodysuit",
    "jackets": "coat jacket blazer cape suit vest",
    "bottoms": "pants jeans leggings shorts skirt",
    "dress": "dress romper",
    "shoes": "shoes boots clogs flats heels loafers pumps sandals sneakers wedges",
    "hat": "hat",
}


def truth(labels: np.ndarray, classes: list[str]) -> dict[str, list[Box]]:
    """Boxes of each group that is in a photo: of all of it, then of its parts."""
    found = {}
    for group, names in GROUPS.items():
        mask = np.isin(labels, [classes.index(name) for name in names.split() if name in classes])
        if mask.sum() > 0.002 * mask.size:
            ys, xs = np.nonzero(mask)
            whole = Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
            found[group] = [whole, *mask_boxes(mask)]
    return found


def told_alone(items: Sequence[Described], describe: Describer, network: Network) -> None:
    """How often a garment that nobody wears is one thing, of its name."""
    counts = {"until 2026-11-30": [], "now": []}
    for item in items:
        rgb = item.rgb()
        maps, size = find_maps(rgb, network), (rgb.shape[1], rgb.shape[0])
        mask = Mask(alpha=resize(maps.alpha, size=size), uncertainty=0.0, model=network.id)
        garment, person = (None if each is None else resize(each, size=size) for each in (maps.garment, maps.person))
        for name, known in (("until 2026-11-30", None), ("now", person)):
            things = things_in_scene(describe, rgb, garment, mask, known)
            right = [item.category in [choice.name for choice in thing.path] for thing in things]
            counts[name].append((len(things), any(right), right == [True]))
    print("| | nothing | one thing | several | right in name | one, of its name |\n|---|---|---|---|---|---|")
    for name, rows in counts.items():
        count, named, whole = (np.array(column) for column in zip(*rows, strict=True))
        shares = [np.mean(each) for each in (count == 0, count == 1, count > 1, named, whole)]
        print(f"| {name}, {len(rows)} photos | " + " | ".join(f"{share:.2f}" for share in shares) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="describe", help="a name or an ONNX file (describe)")
    parser.add_argument("--split", choices=["validation", "holdout"], default="validation")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--alone", action="store_true", help="photos of one garment, worn by nobody")
    arguments = parser.parse_args()
    root, settings = Path(os.environ["PACKSHOT_DATA"]), Settings()
    classes = [name.strip() for name in (root / "ccp" / "classes.txt").read_text(encoding="utf-8").split("\n")]
    describe, network = Describer(arguments.model, settings), load("cutout", settings, task="segmentation")
    source = "clothing" if arguments.alone else "ccp"
    items = [each for each in described_items(root) if each.source == source and each.split is Split(arguments.split)]
    if arguments.alone:
        chosen = np.random.default_rng(0).permutation(len(items))[: arguments.limit]
        told_alone([items[place] for place in chosen.tolist()], describe, network)
        return
    order = np.random.default_rng(0).permutation(len(items))
    photos = things = named = near = nearer = there = found = 0
    for place in order.tolist():
        item = items[place]
        labels = cv2.imread(str(root / "ccp" / "labels" / f"{item.photo.stem}.png"), cv2.IMREAD_UNCHANGED)
        if labels is None or photos >= arguments.limit:
            continue
        rgb, true = item.rgb(), truth(labels, classes)
        maps, size = find_maps(rgb, network), (rgb.shape[1], rgb.shape[0])
        mask = Mask(alpha=resize(maps.alpha, size=size), uncertainty=0.0, model=network.id)
        garment, person = (None if each is None else resize(each, size=size) for each in (maps.garment, maps.person))
        seen = set()
        for thing in things_in_scene(describe, rgb, garment, mask, person):
            group = thing.path[1].label
            best = max((thing.box.iou(box) for box in true.get(group, [])), default=0.0)
            things, named, near, nearer = (
                things + 1,
                named + (group in true),
                near + (best >= 0.3),
                nearer + (best >= 0.5),
            )
            seen |= {group} if best >= 0.3 else set()
        photos, there, found = photos + 1, there + len(true), found + len(seen)
        print(
            f"{photos} photos, {there} groups in them; {things} things: right in name {named / max(1, things):.2f}, "
            f"IoU 0.3 {near / max(1, things):.2f}, IoU 0.5 {nearer / max(1, things):.2f}; found {found / there:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
