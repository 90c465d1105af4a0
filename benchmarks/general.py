"""How well anything is cut out: a hundred kinds, outlines drawn by hand, other networks on the same photos.

    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/general.py
    GENERAL_PHOTOS=... python benchmarks/general.py --model cutout --model u2net --kinds
    python benchmarks/general.py --outlined outlined/outlined.csv --kinds   # furniture, fruit and tools instead

IoU, boundary F (0.75 % of the diagonal), mean absolute error and sum of absolute differences (thousands of pixels), the
share of photos at IoU 0.9, and smoke: half-transparent pixels (0.05..0.95) farther than 1 % of the diagonal from the
outline, over the product's area, photos of glass left out. `difference` is the first model's IoU less the row's, with
the 95 % interval of a paired bootstrap over photos. Drawings and framed photos have a row of their own. --outlined
takes the validation photos of a table that recipes/cutout/outlined wrote; their outlines are looser, gaps are often
filled.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from outlines import OUTLINES, Outlined, outlined_photos
from packshot.cutout import segmenter, smoke_share
from packshot.datasets import Item, Split, outlined_items
from packshot.errors import NothingToCutOut
from packshot.evaluation import bootstrap_interval, boundary_f, iou, mae
from packshot.photo import decode
from packshot.runtime import load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb


@dataclass(frozen=True)
class Gathered:
    """A photo of a table of outlined ones, as those of the general set."""

    item: Item
    unseen: bool = False
    tags: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What it shows."""
        return self.item.label or ""

    def pair(self) -> tuple[Rgb, Alpha]:
        """Photo and mask."""
        return self.item.pair()


def measured(model: str, about: Sequence[Outlined | Gathered]) -> list[dict[str, float]]:
    """Each photo's figures, of the cut-out stage as users get it."""
    settings = Settings(model=model, allow_non_commercial=True)
    segment = segmenter(settings.model, settings)
    rows = []
    for item in about:
        rgb, true = item.pair()
        try:
            alpha = segment(decode(rgb)).alpha
        except NothingToCutOut:
            alpha = np.zeros(true.shape, np.float32)
        rows.append(
            {
                "iou": iou(alpha, true),
                "boundary": boundary_f(alpha, true),
                "mae": mae(alpha, true),
                "sad": float(np.abs(alpha - true).sum()) / 1000,
                "smoke": float("nan") if "glass" in item.tags else smoke_share(alpha),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="a name or an ONNX file; may be repeated [cutout]")
    parser.add_argument("--photos", type=Path, help="the folder 101_ObjectCategories")
    parser.add_argument("--outlined", type=Path, metavar="TABLE", help="ask about the photos of this table instead")
    parser.add_argument("--kinds", action="store_true", help="also print each kind's IoU")
    parser.add_argument(
        "--keep", type=Path, help="keep each model's figures in this file, and take them from there again"
    )
    options = parser.parse_args()
    models = options.model or ["cutout"]
    if not (options.outlined or options.photos or os.environ.get("GENERAL_PHOTOS")):
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    about: list[Outlined | Gathered]
    if options.outlined:
        about = [Gathered(item) for item in outlined_items(options.outlined) if item.split is Split.VALIDATION]
    else:
        about = list(outlined_photos(options.photos))
    truth = hashlib.sha256((options.outlined or OUTLINES / "outlines.jsonl").read_bytes()).hexdigest()
    kept = json.loads(options.keep.read_text()) if options.keep and options.keep.is_file() else {}
    rows = {}
    for model in models:
        key = f"{load(model, Settings(allow_non_commercial=True)).sha256} {truth}"
        if key not in kept:
            kept[key] = measured(model, about)
            if options.keep:
                options.keep.write_text(json.dumps(kept))
        rows[model] = kept[key]
    first = models[0]
    photo = np.array([not {"framed", "drawing"} & set(item.tags) for item in about])
    unseen = photo & np.array([item.unseen for item in about])
    print(
        f"{photo.sum()} photos of {len({item.kind for item in np.array(about)[photo]})} kinds, "
        f"{unseen.sum()} of them of kinds no training shows"
    )
    print("| model | photos | IoU | boundary F | MAE | SAD | at IoU 0.9 | smoke | difference |")
    print("|---|---|---|---|---|---|---|---|---|")
    everything = np.ones(len(about), bool)
    for label, chosen in (("photos", photo), ("of unseen kinds", unseen), ("drawings and framed too", everything)):
        if not chosen.any() or (options.outlined and chosen is everything):
            continue
        for name, scores in rows.items():
            figures = {key: np.array([score[key] for score in scores])[chosen] for key in scores[0]}
            ours = np.array([score["iou"] for score in rows[first]])[chosen]
            low, high = bootstrap_interval(ours - figures["iou"])
            versus = "" if name == first else f"{(ours - figures['iou']).mean():+.3f} ({low:+.3f} to {high:+.3f})"
            cells = [
                *(f"{figures[key].mean():.3f}" for key in ("iou", "boundary")),
                f"{figures['mae'].mean():.4f}",
                f"{figures['sad'].mean():.2f}",
                f"{(figures['iou'] >= 0.9).mean():.2f}",
                f"{np.nanmean(figures['smoke']):.3f}",
            ]
            print(f"| {Path(name).stem} | {label}, {chosen.sum()} | {' | '.join(cells)} | {versus} |")
    if options.kinds:
        print("\n| kind | " + " | ".join(Path(name).stem for name in rows) + " |\n|---|" + "---|" * len(rows))
        for kind in sorted({item.kind for item in about}):
            mine = [place for place, item in enumerate(about) if item.kind == kind]
            means = (f"{np.mean([scores[place]['iou'] for place in mine]):.3f}" for scores in rows.values())
            print(f"| {kind} | " + " | ".join(means) + " |")


if __name__ == "__main__":
    main()
