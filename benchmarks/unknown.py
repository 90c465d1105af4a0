"""Whether a photo shows a kind of product the describing network knows: fits the rule, tests it, writes it.

    GENERAL_PHOTOS=.../101_ObjectCategories PACKSHOT_DATA=../shared/data python benchmarks/unknown.py
    GENERAL_PHOTOS=... PACKSHOT_DATA=... python benchmarks/unknown.py --write src/packshot/models/describe.json

Known are photos of garments, groceries and street fashion; unknown are photos of Caltech-101 (of people and
strawberries none, which are known). The rule is a logistic regression with a ridge on the network's mean features.
Half of the unknown kinds fit it; the other half is what is printed. Of the known sets the training photos fit it,
every second validation
photo sets the threshold (96 % of them are kept), and the others are printed.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Split, described_items, read_rgb
from packshot.runtime import KnownRule, Network, load, read_card
from packshot.settings import Settings

SHOWN_TOO = {"BACKGROUND_Google", "Faces", "Faces_easy", "strawberry", "wild_cat"}
KEEP = 0.96
RIDGES = (0.03, 0.1, 0.3, 1.0, 3.0)  # chosen on a third of the unknown kinds that fit the rule
PER_SET, PER_KIND = 500, 12


def features(network: Network, photos: list[Path]) -> NDArray[np.float64]:
    """Mean features of each photo: float64 (n, c)."""
    rows = [network.outputs(network.prepare(read_rgb(p)), names=["features"])["features"][0] for p in photos]
    return np.array([row.mean(axis=(1, 2), dtype=np.float64) for row in rows])


def spread(photos: list[Path], most: int) -> list[Path]:
    """At most so many, evenly spread."""
    return [photos[int(i)] for i in np.linspace(0, len(photos) - 1, min(most, len(photos)))]


def logistic(x: NDArray[np.float64], y: NDArray[np.float64], ridge: float) -> tuple[NDArray[np.float64], float]:
    """Weights and bias for features as they are; both classes count the same. Newton's method on scaled features."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-6
    a = np.column_stack([np.ones(len(x)), (x - mean) / scale])
    balance = np.where(y > 0, 0.5 / max(1e-9, y.mean()), 0.5 / max(1e-9, 1 - y.mean())) / len(y)
    shrink = ridge * np.diag([0.0] + [1.0] * x.shape[1]) / x.shape[1]
    w = np.zeros(a.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(a @ w, -30, 30)))
        hessian = a.T @ (a * (balance * p * (1 - p))[:, None]) + shrink + 1e-9 * np.eye(len(w))
        step = np.linalg.solve(hessian, a.T @ (balance * (p - y)) + shrink @ w)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    weights = w[1:] / scale
    return weights, float(w[0] - weights @ mean)


def auroc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Area under the ROC curve: the chance that a known photo scores above an unknown one."""
    values = np.concatenate([positive, negative])
    ranks = np.empty(len(values))
    ranks[np.argsort(values)] = np.arange(1, len(values) + 1)
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="describe")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--photos", type=Path, default=os.environ.get("GENERAL_PHOTOS"), help="101_ObjectCategories")
    parser.add_argument("--write", type=Path, help="the card (.json) that gets the rule")
    options = parser.parse_args()
    if options.photos is None:
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    photos = Path(options.photos)
    network = load(options.model, Settings())
    items = described_items(Path(options.data))
    sources = sorted({item.source for item in items})
    known = {
        split: {s: spread([i.photo for i in items if i.source == s and i.split is split], PER_SET) for s in sources}
        for split in (Split.TRAIN, Split.VALIDATION)
    }
    kinds = sorted(k.name for k in photos.iterdir() if k.is_dir() and k.name not in SHOWN_TOO)
    strange = {k: features(network, spread(sorted((photos / k).glob("*.jpg")), PER_KIND)) for k in kinds}
    learnt = np.concatenate([features(network, photos) for photos in known[Split.TRAIN].values() if photos])
    held = {s: features(network, photos) for s, photos in known[Split.VALIDATION].items() if photos}

    fitting, testing = kinds[::2], kinds[1::2]
    choosing = fitting[::3]
    x0 = np.concatenate([strange[k] for k in fitting if k not in choosing])
    trial = {}
    for ridge in RIDGES:
        w, b = logistic(np.concatenate([learnt, x0]), np.r_[np.ones(len(learnt)), np.zeros(len(x0))], ridge)
        trial[ridge] = auroc(learnt @ w + b, np.concatenate([strange[k] @ w + b for k in choosing]))
    ridge = max(trial, key=lambda r: trial[r])
    x0 = np.concatenate([strange[k] for k in fitting])
    w, b = logistic(np.concatenate([learnt, x0]), np.r_[np.ones(len(learnt)), np.zeros(len(x0))], ridge)
    # Of the photos it was trained on the network is surer than of any others: half of the validation photos choose.
    choosing_known = np.concatenate([values[::2] for values in held.values()])
    cut = float(np.quantile(choosing_known @ w + b, 1 - KEEP))
    test = np.concatenate([strange[k] for k in testing])
    held = {name: values[1::2] for name, values in held.items()}
    right = np.concatenate(list(held.values()))
    area = auroc(right @ w + b, test @ w + b)
    kept, refused = float((right @ w + b >= cut).mean()), float((test @ w + b < cut).mean())
    print("| set | photos | kept as known |\n|---|---|---|")
    for name, values in held.items():
        print(f"| {name}, validation, every second | {len(values)} | {(values @ w + b >= cut).mean():.3f} |")
    print(f"| {len(testing)} kinds that fitted nothing | {len(test)} | {1 - refused:.3f} |")
    print(f"\narea under the ROC curve {area:.3f}; ridge {ridge}, threshold {1 / (1 + np.exp(-cut)):.3f}")
    worst = sorted(testing, key=lambda k: -(strange[k] @ w + b >= cut).mean())[:8]
    print("most often taken for known: " + ", ".join(f"{k} {(strange[k] @ w + b >= cut).mean():.2f}" for k in worst))
    if options.write:
        everything = np.concatenate([strange[k] for k in kinds])
        y = np.r_[np.ones(len(learnt)), np.zeros(len(everything))]
        w, b = logistic(np.concatenate([learnt, everything]), y, ridge)
        cut = float(np.quantile(choosing_known @ w + b, 1 - KEEP))
        rule = KnownRule(
            weights=tuple(round(float(each), 6) for each in w),
            bias=round(b, 6),
            threshold=round(float(1 / (1 + np.exp(-cut))), 6),
            auroc=round(area, 4),
            kept=round(kept, 4),
            refused=round(refused, 4),
            photos=len(y),
        )
        options.write.write_text(read_card(options.write).model_copy(update={"known": rule}).to_json())
        print(f"written to {options.write}")


if __name__ == "__main__":
    main()
