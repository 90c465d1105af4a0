"""Where heatmaps point, evaluated against pixel labels the network never saw.

    PACKSHOT_DATA=../shared/data python benchmarks/localisation.py
    PACKSHOT_DATA=../shared/data python benchmarks/localisation.py --split holdout --pictures out

The protocol of Choe et al. (2020): trained from image-level tags alone, evaluated on street photos with a label for
every pixel (CCP: photo number % 16 == 1 is validation, % 8 == 0 the holdout), one heatmap for each tag that is in the
photo. MaxBoxAccV2 averages over IoU 0.3, 0.5 and 0.7, each with its best threshold; PxAP is the average precision of
pixels. Skin and hair are no products and are left out. "within the mask" multiplies the heat by the cut-out's alpha,
which was learnt from person masks. "heatmaps" are class-activation maps, "places" those of the head that learnt where
tags are; the tags of the photo, as the protocol gives them, compete for its places. Beside them what knows nothing of
the photo. Intervals: 95 % bootstrap, the photo as unit.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout import segmenter
from packshot.datasets import Split, described_items
from packshot.evaluation import HEATMAP_BASELINES, Localisation
from packshot.explanation import activation_maps, draw_heatmap, min_max, place_maps, resized
from packshot.photo import decode
from packshot.runtime import load
from packshot.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="describe")
    parser.add_argument("--split", choices=["validation", "holdout"], default="validation")
    parser.add_argument("--pictures", type=Path, help="folder for a few photos under their heatmaps")
    arguments = parser.parse_args()
    root = Path(os.environ["PACKSHOT_DATA"])
    network = load(arguments.model, Settings())
    segment = segmenter("cutout", Settings())
    first, tags = 0, None
    for head in network.card.heads:
        if head.name == "tags":
            tags = head
            break
        first += len(head.labels)
    assert tags is not None, f"{arguments.model} has no tags"
    classes = (root / "ccp" / "classes.txt").read_text(encoding="utf-8").split("\n")
    number = {name.strip(): place for place, name in enumerate(classes)}
    rows = ("heatmaps", "heatmaps within the mask", "places within the mask", *HEATMAP_BASELINES)
    evaluators = {name: Localisation() for name in rows}
    for item in described_items(root):
        if item.source != "ccp" or item.split is not Split(arguments.split):
            continue
        photo = decode(item.photo)
        labels = cv2.imread(str(root / "ccp" / "labels" / f"{item.photo.stem}.png"), cv2.IMREAD_UNCHANGED)
        outputs = network.outputs(network.prepare(photo.rgb))
        alpha = segment(photo).alpha
        together = [tags.labels.index(tag) for tag in item.tags or () if tag in tags.labels]
        known = {name: method(photo.rgb) for name, method in HEATMAP_BASELINES.items()}
        for tag in sorted(item.tags or ()):
            mask = labels == number[tag]
            if tag not in tags.labels or tag in tags.ignored or not mask.any():
                continue
            row = first + tags.labels.index(tag)
            heat = min_max(activation_maps(outputs["weights"][[row]], outputs["features"][0])[0])
            (place,) = place_maps(
                outputs["places"][0],
                outputs["positions"],
                shown=[row - first],
                among=together,
                rgb=photo.rgb,
                alpha=alpha,
            )
            size = (photo.width, photo.height)
            within, placed = (resized(each, size=size, alpha=alpha) for each in (heat, place))
            for name, found in zip(rows, (heat, within, placed, *known.values()), strict=True):
                evaluators[name].add(found, mask, photo=item.photo.stem)
            if arguments.pictures and int(item.photo.stem) % 3 == 0:
                arguments.pictures.mkdir(parents=True, exist_ok=True)
                picture = np.concatenate(
                    [draw_heatmap(photo.rgb, placed), draw_heatmap(photo.rgb, mask.astype(np.float32))], 1
                )
                cv2.imwrite(str(arguments.pictures / f"{item.photo.stem}.{tag}.jpg"), picture[..., ::-1])
    print("| heatmaps | MaxBoxAccV2 | IoU 0.3 | 0.5 | 0.7 | PxAP |\n|---|---|---|---|---|---|")
    for name, evaluator in evaluators.items():
        score = evaluator.score()
        box, pixel = score.max_box_accuracy, score.pixel_ap
        each = " | ".join(f"{value:.3f}" for value in score.best_accuracy)
        print(
            f"| {name} | {box.value:.3f} ({box.low:.3f} to {box.high:.3f}) | {each} "
            f"| {pixel.value:.3f} ({pixel.low:.3f} to {pixel.high:.3f}) |"
        )
    print(f"\n{score.heatmaps} heatmaps of {score.photos} photos; share of true pixels {score.base_rate:.3f}")


if __name__ == "__main__":
    main()
