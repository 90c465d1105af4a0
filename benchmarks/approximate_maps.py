"""How near the maps of RISE and of integrated gradients come to what they approximate, and what that costs.

    PACKSHOT_DATA=../shared/data python benchmarks/approximate_maps.py
    PACKSHOT_DATA=../shared/data python benchmarks/approximate_maps.py --photos 6 --masks 4000     a quarter of an hour

Both are means that a machine can only sample: RISE over all masks, integrated gradients over all pictures between grey
and the photo. Each row is the correlation of a map with one of many more samples, for the category of validation
photos, the least of them in brackets; "drawn" masks are the published ones, "balanced" those of `rise_map`.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import described_items
from packshot.evaluation.photos import choose_photos
from packshot.explaining import Question, Questions
from packshot.explanation import Heat, Scorer, rise_map, small
from packshot.settings import Settings
from packshot.training.explanation import GradientMaps
from packshot.values import Rgb


def drawn_map(score: Scorer, rgb: Rgb, *, masks: int, seed: int, cells: int = 7) -> Heat:
    """RISE as published: every mask is drawn by itself."""
    picture, rng = small(rgb), np.random.default_rng(seed)
    height, width = picture.shape[:2]
    tall, wide = -(-height // cells), -(-width // cells)
    weighted, weight, scores = np.zeros((height, width)), np.zeros((height, width)), []
    for _ in range(masks):
        grid = (rng.random((cells + 1, cells + 1)) < 0.5).astype(np.float32)
        large = cv2.resize(grid, ((cells + 1) * wide, (cells + 1) * tall), interpolation=cv2.INTER_LINEAR)
        y, x = int(rng.integers(0, tall)), int(rng.integers(0, wide))
        mask = large[y : y + height, x : x + width]
        found = score(np.asarray(np.rint(picture * mask[..., None]), np.uint8))
        weighted, weight = weighted + found * mask, weight + mask
        scores.append(found)
    return np.asarray(weighted / weight - np.mean(scores), np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2)
    parser.add_argument("--masks", type=int, default=1500, help="of the map that others are compared with")
    arguments = parser.parse_args()
    data, settings = Path(os.environ["PACKSHOT_DATA"]), Settings(threads=1)
    items = choose_photos(described_items(data), data=data, split="validation", limit=arguments.photos)
    questions = Questions(settings)
    network, path = questions.describer.network, questions.path

    def gradients(steps: int) -> Callable[[Rgb, Question], Heat]:
        maps = GradientMaps(network, path, "integrated-gradients", steps=steps, threads=1)
        return lambda rgb, question: maps(rgb, question.row or 0)

    def drawn(masks: int) -> Callable[[Rgb, Question], Heat]:
        return lambda rgb, question: drawn_map(question.evidence, rgb, masks=masks, seed=1)

    def balanced(masks: int) -> Callable[[Rgb, Question], Heat]:
        return lambda rgb, question: rise_map(question.evidence, rgb, masks=masks, seed=1)

    rows = {f"RISE, {masks} drawn": drawn(masks) for masks in (128, 400)}
    rows |= {f"RISE, {masks} balanced": balanced(masks) for masks in (128, 256)}
    rows |= {f"integrated gradients, {steps} steps": gradients(steps) for steps in (12, 24, 32)}
    many = gradients(128)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
    for item in items:
        rgb = item.rgb()
        question = questions.ask(rgb, "category")
        true = {
            "RISE": drawn_map(question.evidence, rgb, masks=arguments.masks, seed=0),
            "integrated gradients": many(rgb, question),
        }
        for name, make in rows.items():
            started = time.process_time()
            heat = make(rgb, question)
            seconds = time.process_time() - started
            likeness = float(np.corrcoef(heat.ravel(), true[name.partition(",")[0]].ravel())[0, 1])
            found[name].append((likeness, seconds))
    print("| map | correlation | processor time |\n|---|---|---|")
    for name, pairs in found.items():
        likeness, seconds = np.transpose(pairs)
        print(f"| {name} | {likeness.mean():.3f} ({likeness.min():.3f}) | {np.median(seconds):.1f} s |")


if __name__ == "__main__":
    main()
