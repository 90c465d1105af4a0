"""Which label-free figure ranks the true error of a mask best, and what it says at the review threshold.

Validation photos only, by the rule of packshot.training.data.sources: CCP photos with number % 16 == 1, people
masks whose place in the sorted folder % 12 == 1.
The table gives Spearman's correlation of each candidate with 1 - IoU (95 % bootstrap interval), and for
the chosen one the mean error of the masks on each side of the review threshold.

    PACKSHOT_DATA=... python benchmarks/uncertainty.py [--model cutout]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.matte import levels, upsample
from packshot.cutout.uncertainty import CANDIDATES, uncertainty
from packshot.evaluation import iou, spearman
from packshot.runtime import load
from packshot.settings import Settings


def photos(root: Path) -> Iterator[tuple[str, NDArray[np.uint8], NDArray[np.bool_]]]:
    """(set, photo, true mask) of the validation splits."""
    for path in sorted((root / "ccp" / "labels").glob("*.png")):
        if int(path.stem) % 16 == 1:
            yield "ccp", read(root / "ccp" / "photos" / f"{path.stem}.jpg"), read(path)[..., 0] > 0
    images = {path.stem: path for path in (root / "people" / "images").glob("*")}
    for place, path in enumerate(sorted((root / "people" / "masks").glob("*"))):
        if place % 12 == 1:
            yield "people", read(images[path.stem]), read(path)[..., 0] > 127


def read(path: Path) -> NDArray[np.uint8]:
    """RGB."""
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def interval(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float]:
    """95 % bootstrap interval of Spearman's correlation."""
    rng = np.random.default_rng(0)
    picks = rng.integers(0, a.size, (500, a.size))
    low, high = np.quantile([spearman(a[pick], b[pick]) for pick in picks], [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    settings = Settings()
    network = load(parser.parse_args().model, settings)
    errors: dict[str, list[float]] = {}
    figures: dict[str, list[dict[str, float]]] = {}
    for group, rgb, true in photos(Path(os.environ["PACKSHOT_DATA"])):
        if true.shape != rgb.shape[:2]:
            continue
        probability = np.clip(network.run(network.prepare(rgb))[0, 0], 0, 1)
        mirrored = np.ascontiguousarray(network.prepare(rgb)[..., ::-1])
        other = network.run(mirrored)[0, 0, :, ::-1]
        error = 1 - iou(levels(upsample(probability, rgb)), true)
        values = {name: figure(probability) for name, figure in CANDIDATES.items()}
        values["mirrored"] = 1 - iou(probability, other)  # needs a second run of the network
        for name in (group, "all"):
            errors.setdefault(name, []).append(error)
            figures.setdefault(name, []).append(values | {"chosen": uncertainty(probability)})
    print(f"{network.id}: Spearman with 1 - IoU")
    for group, wrong in errors.items():
        truth = np.array(wrong)
        print(f"\n{group}: {truth.size} photos, mean IoU {1 - truth.mean():.4f}")
        for name in [*CANDIDATES, "mirrored", "chosen"]:
            values = np.array([row[name] for row in figures[group]])
            low, high = interval(values, truth)
            print(f"  {name:12s} {spearman(values, truth):6.3f}  [{low:.3f}, {high:.3f}]  mean {values.mean():.3f}")
        doubt = np.array([row["chosen"] for row in figures[group]])
        review = doubt > settings.review_above
        if 0 < review.sum() < review.size:
            print(
                f"  to review (> {settings.review_above}): {review.sum()} of {review.size}, their mean IoU "
                f"{1 - truth[review].mean():.3f}, the others' {1 - truth[~review].mean():.3f}"
            )


if __name__ == "__main__":
    main()
