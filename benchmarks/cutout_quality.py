"""How good the cutout is: IoU and boundary F on photos nothing was tuned on, beside the trivial baselines.

    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py                     # the holdout
    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py --split validation  # for choosing
    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py --model grabcut

Masks are judged at the photo's own size, after edge-aware enlargement, at threshold 0.5. Boundary F takes a tolerance
of 0.75 % of the diagonal. Intervals are 95 % bootstrap intervals of the mean. A photo for which packshot reports that
there is nothing to cut out counts as an empty mask: IoU 0. Composites are studio pictures of products that were kept
out of training, on street photos that were kept out too: with the person erased, and with the person left standing in
the background. The garment masks are machine-made; that row shows agreement with another network, not truth.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from packshot.cutout import segmenter
from packshot.datasets import Item, Split, public_items
from packshot.errors import NothingToCutOut
from packshot.evaluation import bootstrap_interval, boundary_f, iou, spearman
from packshot.photo import decode
from packshot.settings import Settings
from packshot.training.data.cutout_mix import studio_composites
from packshot.values import Alpha, Rgb

Pair = tuple[Rgb, Alpha]
Predict = Callable[[Rgb], tuple[Alpha, float]]


def pairs(root: Path, items: list[Item], split: Split, name: str) -> Iterator[Pair]:
    """The photos and masks of one set."""
    if name.startswith("composites"):
        yield from studio_composites(root, items, split, each=4, keep_person="person" in name)
        return
    for item in items:
        if item.split is split and item.source == name:
            yield item.pair()


def predictor(model: str | None) -> Predict:
    """The cutout stage as users get it."""
    settings = Settings(**({"model": model, "allow_non_commercial": True} if model else {}))
    segment = segmenter(settings.model, settings)

    def predict(rgb: Rgb) -> tuple[Alpha, float]:
        try:
            mask = segment(decode(rgb))
        except NothingToCutOut:
            return np.zeros(rgb.shape[:2], np.float32), 1.0
        return mask.alpha, mask.uncertainty

    return predict


def centre_box(rgb: Rgb) -> tuple[Alpha, float]:
    """The middle of the picture: 15 % inset on each side."""
    height, width = rgb.shape[:2]
    alpha = np.zeros((height, width), np.float32)
    alpha[int(0.15 * height) : int(0.85 * height), int(0.15 * width) : int(0.85 * width)] = 1
    return alpha, 0.0


def background(rgb: Rgb) -> tuple[Alpha, float]:
    """All background."""
    return np.zeros(rgb.shape[:2], np.float32), 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["validation", "holdout"], default="holdout")
    parser.add_argument("--model", help="a shipped name, an ONNX file, or grabcut")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    split, root = Split(options.split), Path(options.data)
    items = public_items(root)
    predict = predictor(options.model)
    methods: dict[str, Predict] = {"packshot": predict, "centre box": centre_box, "all background": background}
    print(
        f"| {split.value} set | photos | method | IoU | 95 % interval | boundary F | Spearman(uncertainty, 1 - IoU) |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in ("ccp", "people", "composites", "composites, person kept", "clothing"):
        found = list(pairs(root, items, split, name))
        if not found:
            continue
        for method, run in methods.items():
            scores, edges, doubts = [], [], []
            for rgb, true in found:
                alpha, doubt = run(rgb)
                scores.append(iou(alpha, true))
                edges.append(boundary_f(alpha, true))
                doubts.append(doubt)
            low, high = bootstrap_interval(scores)
            rank = f"{spearman(doubts, [1 - s for s in scores]):.2f}" if method == "packshot" else ""
            print(
                f"| {name} | {len(found)} | {method} | {np.mean(scores):.3f} | {low:.3f}-{high:.3f}"
                f" | {np.mean(edges):.3f} | {rank} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
