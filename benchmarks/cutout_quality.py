"""How good the cutout is on photos nothing was tuned on, beside the trivial baselines.

    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py                     # the holdout
    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py --split validation  # for choosing
    PACKSHOT_DATA=../shared/data python benchmarks/cutout_quality.py --model cutout --model grabcut --model isnet.onnx

Masks are compared at the photo's own size, after edge-aware enlargement, at threshold 0.5. Boundary F takes a tolerance
of 0.75 % of the diagonal. Intervals are 95 % bootstrap intervals of the mean. A photo for which packshot reports that
there is nothing to cut out counts as an empty mask: IoU 0. Composites are studio pictures of products that were kept
out of training, on street photos that were kept out too: with the person erased, and with the person left standing in
the background. The clothing set's masks are machine-made: that row shows agreement with another network, not truth.
"garments" are 70 snapshots of the clothing set's validation part whose masks were checked by eye, one by one
(benchmarks/garment_masks); they belong to neither split's choosing and are printed with both. For a folder of your
own, and for a report with pictures, see `packshot evaluate`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from packshot.cutout import Strokes, refine, segmenter
from packshot.datasets import Item, Split, public_items, read_rgb
from packshot.errors import NothingToCutOut
from packshot.evaluation import BASELINES, LabelledPhoto, Predict, score_masks, summarise
from packshot.photo import decode
from packshot.settings import Settings
from packshot.training.cutout.mix import studio_composites
from packshot.values import Alpha, Mask, Rgb

GARMENTS = Path(__file__).parent / "garment_masks"


def garments(root: Path) -> Iterator[LabelledPhoto]:
    """The snapshots whose masks were checked by eye, corrected by their strokes."""
    for name in (GARMENTS / "photos.txt").read_text().split():
        photo = decode(root / "clothing" / "images" / f"{name}.jpg")
        alpha = read_rgb(root / "clothing" / "masks" / f"{name}.png")[..., 0].astype(np.float32) / np.float32(255)
        file = GARMENTS / "strokes" / f"{name}.json"
        if file.is_file():
            alpha = refine(photo, Mask(alpha=alpha, uncertainty=0.0, model="file"), Strokes.read(file)).alpha
        yield LabelledPhoto(name, "garments", photo.rgb, alpha)


def photos(root: Path, items: list[Item], split: Split, name: str) -> Iterator[LabelledPhoto]:
    """The photos and masks of one set."""
    if name == "garments":
        yield from garments(root)
        return
    if name.startswith("composites"):
        made = studio_composites(root, items, split, each=4, keep_person="person" in name)
        yield from (LabelledPhoto(f"composite {index}", name, *pair) for index, pair in enumerate(made))
        return
    for item in items:
        if item.split is split and item.source == name:
            yield LabelledPhoto(item.photo.name, name, *item.pair())


def predictor(model: str) -> Predict:
    """The cutout stage as users get it."""
    settings = Settings(model=model, allow_non_commercial=True)
    segment = segmenter(settings.model, settings)

    def predict(rgb: Rgb) -> tuple[Alpha, float]:
        try:
            mask = segment(decode(rgb))
        except NothingToCutOut:
            return np.zeros(rgb.shape[:2], np.float32), 1.0
        return mask.alpha, mask.uncertainty

    return predict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["validation", "holdout"], default="holdout")
    parser.add_argument("--model", action="append", help="a shipped name, an ONNX file, or grabcut; may be repeated")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    split, root = Split(options.split), Path(options.data)
    items = public_items(root)
    models = options.model or ["cutout"]
    methods = {Path(model).stem: predictor(model) for model in models} | BASELINES
    print(
        f"| {split.value} set | photos | method | IoU | 95 % interval | boundary F | MAE | pixel accuracy"
        " | Spearman(uncertainty, 1 - IoU) |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in ("ccp", "people", "composites", "composites, person kept", "garments", "clothing"):
        for row in summarise(score_masks(photos(root, items, split, name), methods)):
            rank = f"{row.spearman.value:.2f}" if row.spearman else ""
            print(
                f"| {name} | {row.photos} | {row.method} | {row.iou.value:.3f} | {row.iou.low:.3f}-{row.iou.high:.3f}"
                f" | {row.boundary_f.value:.3f} | {row.mae.value:.3f} | {row.pixel_accuracy.value:.3f} | {rank} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
