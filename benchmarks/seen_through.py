"""Background seen through the product: what opening it is worth, and the rule that decides it.

    GENERAL_PHOTOS=.../101_ObjectCategories PACKSHOT_DATA=... python benchmarks/seen_through.py
    ... python benchmarks/seen_through.py --outlined outlined/outlined.csv     # whose outlines fill such parts, too
    PACKSHOT_RENDERS=renders ... python benchmarks/seen_through.py --fit --taught open/objects/masks.csv --objects DIR

The table: photos with an outline, the mean IoU of the network's mask at its own size before and after, how many photos
win or lose more than 0.005, the largest loss, and how many parts of how many photos are opened. By eye the outlines of
`--outlined` are wrong more often than the parts: whoever outlines a chair fills the gaps of its back.

`--fit` learns from exact opacities alone: scenes composed as for training, of renders, studio pictures and photos under
the teachers' masks (opened before by recipes/cutout/undecide.py), and products on plain backgrounds
(`studio_scenes.py`, odd models); it prints what goes into `packshot.cutout.seen_through`. Parts count by the root of
their area.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from outlines import outlined_photos
from packshot.cutout.maps import find_maps
from packshot.cutout.seen_through import find_parts, open_parts
from packshot.datasets import Split, outlined_items
from packshot.evaluation import iou
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.training.cutout.items import cutout_items
from packshot.training.cutout.mix import training_scenes
from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.data.augment import compress
from packshot.values import Alpha, Rgb
from plain_background import drawn, renders
from readiness import logistic
from ready_labels import outlined

SCENES = 1400
LARGEST = 2000  # pixels: a larger part counts no more


def photos(root: Path, table: Path | None) -> Iterator[tuple[str, Rgb, Alpha]]:
    """The set's name, the photo, and its outline."""
    for item in outlined_photos():
        yield ("drawings and framed" if {"framed", "drawing"} & set(item.tags) else "a hundred kinds"), *item.pair()
    for kind, _, rgb, true in outlined(root):
        if kind in {"ccp", "people"} or kind.startswith(("clothes", "composite")):
            yield ("garments" if kind.startswith("clothes") else kind.split(" ")[0]), rgb, true
    if table is not None:
        for each in outlined_items(table):
            if each.split is Split.VALIDATION:
                yield "outlined by hand", *each.pair()


def report(network: Network, root: Path, table: Path | None) -> None:
    """Print the table."""
    rows = defaultdict(list)
    for name, rgb, true in photos(root, table):
        maps = find_maps(rgb, network)
        seen = maps.photo(rgb)
        small = resize(true.astype(np.float32), size=(seen.shape[1], seen.shape[0]))
        opened = open_parts(maps.alpha, seen)
        count = 0
        if opened is not maps.alpha:
            count = cv2.connectedComponents(((maps.alpha > 0.5) & (opened <= 0.5)).astype(np.uint8))[0] - 1
        rows[name].append((iou(maps.alpha, small), iou(opened, small), count))
    print(
        "| photos | number | IoU before | opened | win | lose | largest loss | parts opened |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for name, found in rows.items():
        before, after, counts = np.array(found).T
        change, where = after - before, f"{counts.sum():.0f} in {(counts > 0).sum()}"
        print(
            f"| {name} | {len(found)} | {before.mean():.4f} | {after.mean():.4f} | {(change > 0.005).sum()}"
            f" | {(change < -0.005).sum()} | {min(0.0, change.min()):.3f} | {where} |"
        )


def taught_scenes(recipe: CutoutRecipe, root: Path) -> Iterator[tuple[Rgb, Alpha]]:
    """Photos with exact opacity: composed for training, and on plain backgrounds."""
    scenes = training_scenes(root, cutout_items(recipe, root), Split.TRAIN)
    for number in range(SCENES):
        rng = np.random.default_rng((77, number))
        rgb, target = scenes.draw(rng, (352, 352))
        if rng.random() < 0.7:
            rgb = compress(rgb, quality=int(rng.integers(60, 96)))
        yield rgb, target.alpha
    for each in (*renders(Path(os.environ["PACKSHOT_RENDERS"]), 1, 2), *drawn(1, 6)):
        yield each.rgb, each.alpha


def fit(network: Network, recipe: CutoutRecipe, root: Path) -> None:
    """Print the rule's numbers."""
    figures, labels, weights = [], [], []
    names: list[str] = []
    for rgb, true in taught_scenes(recipe, root):
        maps = find_maps(rgb, network)
        seen = maps.photo(rgb)
        small = resize(true, size=(seen.shape[1], seen.shape[0]))
        for part in find_parts(maps.alpha, seen):
            names = list(part.figures)
            figures.append(list(part.figures.values()))
            labels.append(float(small[part.box][part.inside].mean() < 0.5))
            weights.append(min(LARGEST, np.count_nonzero(part.inside)) ** 0.5)
    x, y, w = np.array(figures), np.array(labels), np.array(weights)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    bias, *slopes = logistic((x - mean) / scale, y, counts=w / w.mean())
    slopes = np.array(slopes) / scale
    print(f"{len(y)} parts, {y.mean():.2f} of them background")
    print("_WEIGHTS = {" + ", ".join(f'"{name}": {value:.2f}' for name, value in zip(names, slopes, strict=True)) + "}")
    print(f"_BIAS = {bias - float(slopes @ mean):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--outlined", type=Path, help="table of photos outlined by hand")
    parser.add_argument("--fit", action="store_true", help="print the rule's numbers")
    parser.add_argument("--taught", action="append", default=[], help="with --fit: tables of teachers' masks")
    parser.add_argument("--objects", default="", help="with --fit: folder of their photos")
    options = parser.parse_args()
    if not os.environ.get("GENERAL_PHOTOS"):
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    network, root = load(options.model, Settings()), Path(options.data)
    if options.fit:
        table = Path(os.environ["PACKSHOT_RENDERS"]) / "index.csv"
        recipe = CutoutRecipe(
            taught=options.taught, objects=options.objects, renders=str(table), agreement=0.88, undecided=0.2
        )
        fit(network, recipe, root)
        return
    report(network, root, options.outlined)


if __name__ == "__main__":
    main()
