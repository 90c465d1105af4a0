"""Which label-free figure ranks the true error of a mask best, and what the review threshold costs and catches.

Validation pictures only (`packshot.datasets.public`): street photos, people, garments (machine-made masks), and
composites with the street's person erased and left standing. First Spearman's correlation of each candidate with
1 - IoU and its 95 % bootstrap interval; then, for the chosen figure, what goes to review above a threshold.

    PACKSHOT_DATA=../shared/data python benchmarks/uncertainty.py [--model cutout]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.uncertainty import soft_iou, uncertainty
from packshot.datasets import Split, public_items
from packshot.evaluation import iou, spearman, spearman_interval
from packshot.runtime import load
from packshot.settings import Settings
from packshot.training.cutout.mix import studio_composites
from packshot.values import Alpha, Rgb

THRESHOLDS = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.15)


def soft_dice(probability: Alpha) -> float:
    """1 - soft Dice confidence (Borges et al. 2024): 0 where every probability is 0 or 1."""
    chosen = probability >= 0.5
    total = float(probability.sum()) + float(chosen.sum())
    return 1 - 2 * float(probability[chosen].sum()) / total if total else 1.0


def sharpened(probability: Alpha) -> float:
    """`soft_iou` with every logit times four, so that only real indecision counts, not a timid network's haze."""
    yes, no = probability**2, (1 - probability) ** 2
    yes, no = yes * yes, no * no
    return soft_iou(np.asarray(yes / (yes + no), np.float32))


def spread(probability: Alpha) -> float:
    """Share of the mask that hinges on where the line is drawn: it is lost between the thresholds 0.4 and 0.6."""
    wide = np.count_nonzero(probability >= 0.4)
    return 1 - float(np.count_nonzero(probability >= 0.6) / wide) if wide else 1.0


def entropy(probability: Alpha) -> float:
    """Mean binary entropy (bits) over all pixels that may be product (probability >= 0.05)."""
    p = np.clip(probability[probability >= 0.05].astype(np.float64), 1e-6, 1 - 1e-6)
    return float(np.mean(-p * np.log2(p) - (1 - p) * np.log2(1 - p))) if p.size else 1.0


def band(probability: Alpha) -> float:
    """Undecided pixels (0.1..0.9) as a share of all that may be product."""
    possible = np.count_nonzero(probability > 0.1)
    return float(np.count_nonzero((probability > 0.1) & (probability < 0.9)) / possible) if possible else 1.0


def off_outline(probability: Alpha) -> float:
    """Expected error that does not lie along the outline, as a share of the expected union.

    Every soft mask is undecided along its outline; doubt elsewhere says a part may be missing or foreign.
    """
    chosen = (probability >= 0.5).astype(np.uint8)
    window = np.ones((7, 7), np.uint8)
    near = cv2.dilate(chosen, window) - cv2.erode(chosen, window)
    doubt = np.minimum(probability, 1 - probability) * (near == 0)
    union = float(chosen.sum()) + float((probability * (chosen == 0)).sum())
    return min(1.0, float(doubt.sum()) / union) if union else 1.0


#: What was compared in docs/decisions/0009-uncertainty.md; each maps float32 (h, w) probabilities to 0..1.
CANDIDATES: dict[str, Callable[[Alpha], float]] = {
    "band": band,
    "entropy": entropy,
    "off_outline": off_outline,
    "sharpened": sharpened,
    "soft_dice": soft_dice,
    "soft_iou": soft_iou,
    "spread": spread,
}


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
