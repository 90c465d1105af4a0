"""How well anything is cut out: a hundred kinds, outlines drawn by hand, other networks on the same photos.

    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/general.py
    GENERAL_PHOTOS=... python benchmarks/general.py --model cutout --model u2net --kinds

IoU, boundary F (0.75 % of the diagonal), mean absolute error and sum of absolute differences (thousands of pixels), the
share of photos at IoU 0.9, and smoke: half-transparent pixels (0.05..0.95) farther than 1 % of the diagonal from the
outline, over the product's area, photos of glass left out. `difference` is the first model's IoU less the row's, with
the 95 % interval of a paired bootstrap over photos. Photos tagged `framed` or `drawing` are left out unless --all.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from outlines import outlined_photos
from packshot.cutout import segmenter, smoke_share
from packshot.errors import NothingToCutOut
from packshot.evaluation import bootstrap_interval, boundary_f, iou, mae
from packshot.photo import decode
from packshot.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", action="append", help="a name or an ONNX file; may be repeated [cutout]")
    parser.add_argument("--photos", type=Path, help="the folder 101_ObjectCategories")
    parser.add_argument("--kinds", action="store_true", help="also print each kind's IoU")
    parser.add_argument("--all", action="store_true", help="with drawings and framed photos")
    options = parser.parse_args()
    models = options.model or ["cutout"]
    settings = [Settings(model=model, allow_non_commercial=True) for model in models]
    segments = {Path(s.model).stem: segmenter(s.model, s) for s in settings}
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    about = []
    for item in outlined_photos(options.photos):
        if not options.all and {"framed", "drawing"} & set(item.tags):
            continue
        rgb, true = item.pair()
        about.append(item)
        photo = decode(rgb)
        for name, segment in segments.items():
            try:
                alpha = segment(photo).alpha
            except NothingToCutOut:
                alpha = np.zeros(true.shape, np.float32)
            rows[name].append(
                {
                    "iou": iou(alpha, true),
                    "boundary": boundary_f(alpha, true),
                    "mae": mae(alpha, true),
                    "sad": float(np.abs(alpha - true).sum()) / 1000,
                    "smoke": float("nan") if "glass" in item.tags else smoke_share(alpha),
                }
            )
    first = next(iter(rows))
    unseen = np.array([item.unseen for item in about])
    print(f"{len(about)} photos of {len({i.kind for i in about})} kinds, {unseen.sum()} of kinds no training shows")
    print("| model | photos | IoU | boundary F | MAE | SAD | at IoU 0.9 | smoke | difference |")
    print("|---|---|---|---|---|---|---|---|---|")
    for label, chosen in (("all", np.ones(len(about), bool)), ("unseen kinds", unseen)):
        for name, scores in rows.items():
            figures = {key: np.array([score[key] for score in scores])[chosen] for key in scores[0]}
            ours = np.array([score["iou"] for score in rows[first]])[chosen]
            low, high = bootstrap_interval(ours - figures["iou"])
            versus = "" if name == first else f"{(ours - figures['iou']).mean():+.3f} ({low:+.3f} to {high:+.3f})"
            print(
                f"| {name} | {label}, {chosen.sum()} | {figures['iou'].mean():.3f} | {figures['boundary'].mean():.3f}"
                f" | {figures['mae'].mean():.4f} | {figures['sad'].mean():.2f} | {(figures['iou'] >= 0.9).mean():.2f}"
                f" | {np.nanmean(figures['smoke']):.3f} | {versus} |"
            )
    if options.kinds:
        print("\n| kind | " + " | ".join(rows) + " |\n|---|" + "---|" * len(rows))
        for kind in sorted({item.kind for item in about}):
            mine = [place for place, item in enumerate(about) if item.kind == kind]
            means = (f"{np.mean([scores[place]['iou'] for place in mine]):.3f}" for scores in rows.values())
            print(f"| {kind} | " + " | ".join(means) + " |")


if __name__ == "__main__":
    main()
