"""Which label-free figure ranks the true error of a mask best, and what the review threshold costs and catches.

Validation pictures only (`packshot.datasets.public`): street photos, people, garments (machine-made masks), and
composites with the street's person erased and left standing. First Spearman's correlation of each candidate with
1 - IoU and its 95 % bootstrap interval; then, for the chosen figure, what goes to review above a threshold.

    PACKSHOT_DATA=../shared/data python benchmarks/uncertainty.py [--model cutout]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.uncertainty import CANDIDATES, uncertainty
from packshot.datasets import Split, public_items
from packshot.evaluation import iou, spearman, spearman_interval
from packshot.runtime import load
from packshot.settings import Settings
from packshot.training.cutout.mix import studio_composites
from packshot.values import Alpha, Rgb

THRESHOLDS = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.15)


def pictures(root: Path) -> Iterator[tuple[str, Rgb, Alpha]]:
    """(set, picture, true alpha) of the validation splits."""
    items = public_items(root)
    for item in items:
        if item.split is Split.VALIDATION and item.source != "studio":
            yield item.source, *item.pair()
    for name, kept in (("composites", False), ("composites, person kept", True)):
        for rgb, alpha in studio_composites(root, items, Split.VALIDATION, each=4, keep_person=kept):
            yield name, rgb, alpha


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    network = load(parser.parse_args().model, Settings())
    sets, wrong, rows, chosen = [], [], [], []
    for name, rgb, true in pictures(Path(os.environ["PACKSHOT_DATA"])):
        probability = np.clip(network.run(network.prepare(rgb))[0, 0], 0, 1)
        wrong.append(1 - iou(levels(upsample(without_haze(probability), rgb)), true))
        rows.append([figure(probability) for figure in CANDIDATES.values()])
        chosen.append(uncertainty(probability))
        sets.append(name)
    error, doubt, group = np.array(wrong), np.array(chosen), np.array(sets)
    print(f"{network.id}, {error.size} pictures, mean error {error.mean():.3f}\n")
    print("| figure | Spearman with 1 - IoU | 95 % interval | its mean |\n|---|---|---|---|")
    for name, values in zip(CANDIDATES, np.array(rows).T, strict=True):
        low, high = spearman_interval(values, error)
        print(f"| {name} | {spearman(values, error):.3f} | {low:.3f}-{high:.3f} | {values.mean():.3f} |")
    for name in dict.fromkeys(sets):
        here = group == name
        low, high = spearman_interval(doubt[here], error[here])
        rho = spearman(doubt[here], error[here])
        print(f"| chosen, {name} only | {rho:.3f} | {low:.3f}-{high:.3f} | {doubt[here].mean():.3f} |")
    print(
        "\n| review above | goes to review | of the masks with IoU < 0.9, caught | IoU of the rest |\n|---|---|---|---|"
    )
    for threshold in THRESHOLDS:
        flagged, bad = doubt > threshold, error > 0.1
        print(
            f"| {threshold:.2f} | {flagged.mean():.0%} | {flagged[bad].mean():.0%} | {1 - error[~flagged].mean():.3f} |"
        )


if __name__ == "__main__":
    main()
