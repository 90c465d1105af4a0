"""Which enlargement of the network's small alpha keeps the product's outline best.

The small alpha is made in three ways from the CCP photos with hand-drawn labels (numbers not divisible by 8, those
are held out): `clean`, the label averaged to 352 x 352; `network-like`, the label bent by 1.5 pixels and
averaged to 88 x 88, as a decoder at a quarter of the resolution blurs it; with --model, a network's own output.

    PACKSHOT_DATA=... python benchmarks/matte_upsampling.py [--every 20] [--model cutout]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.cutout.matte import levels, upsample
from packshot.evaluation import boundary_f, iou, mae
from packshot.runtime import load
from packshot.settings import Settings

Floats = NDArray[np.float32]
Method = Callable[[Floats, NDArray[np.uint8]], Floats]
SIDE = 352


def bilinear(alpha: Floats, rgb: NDArray[np.uint8]) -> Floats:
    """Plain bilinear enlargement."""
    return cv2.resize(alpha, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def bicubic(alpha: Floats, rgb: NDArray[np.uint8]) -> Floats:
    """Bicubic enlargement, its overshoot clipped."""
    return np.clip(cv2.resize(alpha, rgb.shape[1::-1], interpolation=cv2.INTER_CUBIC), 0, 1)


def grey_guided(alpha: Floats, rgb: NDArray[np.uint8], radius: int = 4, epsilon: float = 1e-3) -> Floats:
    """Fast guided filter with luma instead of colour as its guide."""
    side = (2 * radius + 1, 2 * radius + 1)
    full = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    guide = cv2.resize(full, alpha.shape[::-1], interpolation=cv2.INTER_AREA)
    mean, mean_alpha = cv2.blur(guide, side), cv2.blur(alpha, side)
    slope = (cv2.blur(guide * alpha, side) - mean * mean_alpha) / (cv2.blur(guide**2, side) - mean**2 + epsilon)
    offset = mean_alpha - slope * mean
    fit = bilinear(cv2.blur(slope, side), rgb) * full + bilinear(cv2.blur(offset, side), rgb)
    window = np.ones((3, 3))
    return np.clip(fit, bilinear(cv2.erode(alpha, window), rgb), bilinear(cv2.dilate(alpha, window), rgb))


def joint_bilateral(alpha: Floats, rgb: NDArray[np.uint8], sigma: float = 0.1) -> Floats:
    """Joint bilateral upsampling (Kopf et al. 2007), 5 x 5 small pixels, spatial sigma 1."""
    full = rgb.astype(np.float32) / 255
    small = cv2.resize(full, alpha.shape[::-1], interpolation=cv2.INTER_AREA)
    total, weights = np.zeros(rgb.shape[:2], np.float32), np.full(rgb.shape[:2], 1e-12, np.float32)
    for dy in range(-2, 3):
        for dx in range(-2, 3):
            move = np.array([[1, 0, -dx], [0, 1, -dy]], np.float32)
            near, colour = (
                cv2.warpAffine(f, move, alpha.shape[::-1], borderMode=cv2.BORDER_REPLICATE) for f in (alpha, small)
            )
            far = ((bilinear(colour, rgb) - full) ** 2).sum(axis=-1)
            weight = np.exp(-far / (2 * sigma**2) - (dx * dx + dy * dy) / 2)
            total += weight * bilinear(near, rgb)
            weights += weight
    return total / weights


def shipped(alpha: Floats, rgb: NDArray[np.uint8]) -> Floats:
    """What packshot does: the colour guide, then levels."""
    return levels(upsample(alpha, rgb))


METHODS: dict[str, Method] = {
    "bilinear": bilinear,
    "bicubic": bicubic,
    "joint bilateral": joint_bilateral,
    "guided, grey r4": grey_guided,
    "guided, colour r2": lambda a, rgb: upsample(a, rgb, radius=2),
    "guided, colour r4": upsample,
    "guided, colour r8": lambda a, rgb: upsample(a, rgb, radius=8),
    "bilinear + levels": lambda a, rgb: levels(bilinear(a, rgb)),
    "colour r2 + levels": lambda a, rgb: levels(upsample(a, rgb, radius=2)),
    "colour r4 + levels": shipped,
    "colour r4 + levels .2": lambda a, rgb: levels(upsample(a, rgb), low=0.2, high=0.8),
}


def network_like(true: Floats, rng: np.random.Generator) -> Floats:
    """A blurred and bent alpha."""
    small = cv2.resize(true, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    bend = cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE, 2)).astype(np.float32), (0, 0), 6)
    bend *= 1.5 / bend.std()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    bent = cv2.remap(small, x + bend[..., 0], y + bend[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    quarter = cv2.resize(bent, (SIDE // 4, SIDE // 4), interpolation=cv2.INTER_AREA)
    return cv2.resize(quarter, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def main() -> None:
    """Print one table per way of making the small alpha."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=20, help="take every n-th photo")
    parser.add_argument("--model", help="also measure this network's output, on validation photos (number %% 16 == 1)")
    options = parser.parse_args()
    root = Path(os.environ["PACKSHOT_DATA"]) / "ccp"
    labels = [path for path in sorted((root / "labels").glob("*.png")) if int(path.stem) % 8]
    rng = np.random.default_rng(0)
    report(
        "clean", labels[:: options.every], lambda true, _: cv2.resize(true, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    )
    report("network-like", labels[:: options.every], lambda true, _: network_like(true, rng))
    if options.model:
        network = load(options.model, Settings())
        validation = [path for path in labels if int(path.stem) % 16 == 1]
        report(network.id, validation, lambda _, rgb: network.run(network.prepare(rgb))[0, 0])


def report(title: str, labels: list[Path], alpha_of: Callable[[Floats, NDArray[np.uint8]], Floats]) -> None:
    """Print one table."""
    rows: dict[str, list[tuple[float, ...]]] = {name: [] for name in METHODS}
    for path in labels:
        rgb = cv2.cvtColor(cv2.imread(str(path.parents[1] / "photos" / f"{path.stem}.jpg")), cv2.COLOR_BGR2RGB)
        true = (cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) > 0).astype(np.float32)
        if true.shape != rgb.shape[:2]:
            continue
        small = alpha_of(true, rgb)
        for name, method in METHODS.items():
            start = time.perf_counter()
            full = method(small, rgb)
            seconds = time.perf_counter() - start
            f, fine = boundary_f(full, true), boundary_f(full, true, tolerance=0.002)
            rows[name].append((iou(full, true), f, fine, mae(full, true), seconds * 1e3))
    count = len(rows["bilinear"])
    print(f"\n{title}: {count} photos\n{'method':22s} {'IoU':>7s} {'F .75%':>7s} {'F .2%':>7s} {'MAE':>7s} {'ms':>6s}")
    for name, values in rows.items():
        table = np.array(values)
        figures = " ".join(f"{value:7.4f}" for value in table[:, :4].mean(axis=0))
        print(f"{name:22s} {figures} {table[:, 4].min():6.1f}")


if __name__ == "__main__":
    main()
