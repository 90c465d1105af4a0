"""How many products on a shelf among their like are said to be so, and how many others are.

    PACKSHOT_DATA=../shared/data GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/shelves.py
    PACKSHOT_DATA=... GENERAL_PHOTOS=... python benchmarks/shelves.py --model new.onnx --fit     # constants of alike.py

249 photos of the grocery set were looked at one by one: three of each second product of the training part, four of each
other of the validation part, drawn at random (shelves_by_eye.json). In 161 several alike stand or lie side by side, in
86 a hand holds one, two are unsure and left out. Photos of single products: those that `ready_labels.py` knows, of
Caltech-101, CCP, garments and composites, without the groceries. Kinds are dealt into halves; each half is scored by a
regression and a threshold (the lowest at which at most 2.5 % of the single products are flagged) of the other, six
times: the mean is printed, and what the shipped constants do on all.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.cutout.alike import alike_chance, alike_figures
from packshot.cutout.maps import find_maps
from packshot.datasets import read_rgb
from packshot.runtime import Network, load
from packshot.runtime.preprocessing import resize
from packshot.settings import Settings
from packshot.values import Rgb
from readiness import logistic
from ready_labels import interval, others, outlined

BY_EYE = Path(__file__).parent / "shelves_by_eye.json"
FALSE, DEALS, RIDGE = 0.025, 6, 3.0
NAMES = {"alike": "among their like", "held": "held before a shelf", "single": "a single product"}

Floats = NDArray[np.float64]


def photos(root: Path) -> Iterator[tuple[str, str, Rgb]]:
    """What the eye said, kind, and photo."""
    eye = json.loads(BY_EYE.read_text(encoding="utf-8"))
    for label in ("alike", "held"):
        for name in eye[label]:
            yield label, name.split("/")[1], read_rgb(root / "grocery" / name)
    for kind, _, rgb, _ in outlined(root):
        yield "single", kind, rgb
    for _, kind, rgb in others(root):
        if kind != "grocery":
            yield "single", kind, rgb


def fitted(x: Floats, y: Floats, single: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, float]:
    """Mean, deviation and weights of each figure, and the bias, at which the threshold is a chance of one half."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    weights = logistic((x - mean) / scale, y, ridge=RIDGE)[1:]
    alone = np.sort((((x - mean) / scale) @ weights)[single])[::-1]
    return mean, scale, weights, -float(alone[int(FALSE * len(alone))]) - 1e-6


def held_out(x: Floats, labels: NDArray[np.str_], kinds: NDArray[np.str_], seed: int) -> NDArray[np.bool_]:
    """Which photos are flagged by a rule of the other half of the kinds."""
    order = np.random.default_rng(seed).permutation(sorted(set(kinds)))
    first = np.isin(kinds, order[: len(order) // 2])
    flagged = np.zeros(len(labels), bool)
    for half in (first, ~first):
        y = (labels[~half] == "alike").astype(float)
        mean, scale, weights, bias = fitted(x[~half], y, labels[~half] == "single")
        flagged[half] = ((x[half] - mean) / scale) @ weights + bias > 0
    return flagged


def figures(network: Network, root: Path) -> list[tuple[str, str, dict[str, float], float]]:
    """Label, kind, figures and the chance by the shipped constants, of every photo."""
    found = []
    for label, kind, rgb in photos(root):
        maps = find_maps(rgb, network)
        small = resize(rgb, size=maps.alpha.shape[::-1])
        found.append((label, kind, alike_figures(maps, small), alike_chance(maps, small)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--fit", action="store_true", help="print the constants of src/packshot/cutout/alike.py")
    options = parser.parse_args()
    if not os.environ.get("GENERAL_PHOTOS"):
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    rows = figures(load(options.model, Settings(allow_non_commercial=True)), Path(options.data))
    labels, kinds = (np.array([row[place] for row in rows]) for place in (0, 1))
    names = list(rows[0][2])
    x = np.array([[row[2][name] for name in names] for row in rows])
    apart = [held_out(x, labels, kinds, seed) for seed in range(DEALS)]
    shipped = np.array([row[3] >= 0.5 for row in rows])
    print("| photos | number | flagged, kinds apart (95 %) | by the constants that ship |\n|---|---|---|---|")
    for label, words in NAMES.items():
        here = labels == label
        share = float(np.mean([flags[here].mean() for flags in apart]))
        low, high = interval(share, int(here.sum()))
        print(f"| {words} | {here.sum()} | {share:.3f} ({low:.3f} to {high:.3f}) | {shipped[here].mean():.3f} |")
    if options.fit:
        mean, scale, weights, bias = fitted(x, (labels == "alike").astype(float), labels == "single")
        for name, *values in zip(names, mean, scale, weights, strict=True):
            print(f'    "{name}": ({", ".join(f"{value:.4f}" for value in values)}),')
        print(f"_BIAS = {bias:.4f}")


if __name__ == "__main__":
    main()
