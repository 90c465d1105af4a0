"""What a matte costs and wins: errors of alpha against a known truth, for each way of finding the soft edge.

Products of known colour and opacity (soft discs, bottles, furry balls) are laid on foreign photos, with a camera's
noise. The small alpha is the true one bent by a pixel and averaged to 176 x 176, as a decoder at half the
resolution of a 352-pixel network blurs it. With PACKSHOT_DATA set, also validation pictures with the alpha that the
shipped network itself gives: studio pictures on streets (the street's person erased), and street photos, whose labels
are hard, so that only the outline is judged.

    python benchmarks/matting.py [--side 600]            # needs the extra packshot[matting]

Columns: SAD in thousands of pixels; MSE within 7 pixels of the soft edge; gradient error; for hard labels IoU and the
boundary F-measure at 0.75 % and 0.2 % of the diagonal; seconds of the step on one thread, mean and worst.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_colour import lay, scenes
from packshot.cutout import closed_form, trimap, upsample
from packshot.cutout.matte import levels, without_haze
from packshot.cutout.uncertainty import uncertainty
from packshot.datasets import Split, public_items
from packshot.evaluation import boundary_f, gradient_error, iou, mse, sad
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

SIDE = 352
Method = Callable[[Alpha, Alpha, Rgb, float], Alpha]
Scene = tuple[str, Rgb, Alpha, Alpha]  # name, photo, small alpha, true alpha


def network_like(true: Alpha, rng: np.random.Generator) -> Alpha:
    """The true alpha, bent by a pixel and blurred to half the network's resolution."""
    small = cv2.resize(true, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    bend = cv2.GaussianBlur(rng.normal(size=(SIDE, SIDE, 2)).astype(np.float32), (0, 0), 6)
    bend /= bend.std()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    bent = cv2.remap(small, x + bend[..., 0], y + bend[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    half = cv2.resize(bent, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(half, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def drawn(side: int, *, noise: float) -> Iterator[Scene]:
    """Composites of known opacity."""
    rng = np.random.default_rng(0)
    for name, front, back, true in scenes(side):
        photo = lay(front, back, true)
        photo = np.clip(np.rint(photo + rng.normal(0, noise, photo.shape)), 0, 255).astype(np.uint8)
        yield name, photo, network_like(true, rng), true


def studio(root: Path) -> Iterator[Scene]:
    """Studio pictures on streets, with the shipped network's own alpha."""
    from packshot.training.cutout.mix import studio_composites

    network = load("cutout", Settings(threads=1))
    for rgb, true in studio_composites(root, public_items(root), Split.VALIDATION, each=1):
        yield "studio", rgb, seen(network, rgb), true


def street(root: Path) -> Iterator[Scene]:
    """Street photos, with the shipped network's own alpha and hard labels."""
    network = load("cutout", Settings(threads=1))
    items = [item for item in public_items(root) if item.source == "ccp" and item.split is Split.VALIDATION]
    for item in items:
        rgb, true = item.pair()
        yield "street", rgb, seen(network, rgb), true


def seen(network: Network, rgb: Rgb) -> Alpha:
    """What the network gives."""
    return without_haze(np.clip(network.run(network.prepare(rgb))[0, 0], 0, 1))


def bilinear(small: Alpha, rgb: Rgb) -> Alpha:
    return cv2.resize(small, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def colour_line(alpha: Alpha, rgb: Rgb, doubt: float, *, radius: int = 16, weight: float = 0.1) -> Alpha:
    """Alpha where the pixel lies on the line between the mean colours of the known product and background nearby.

    A fast refinement that was tried and not taken: with ``F, B`` from box blurs of what the trimap knows,
    ``alpha = ((I - B)(F - B) + weight * alpha) / (|F - B|^2 + weight)``.
    """
    marked, picture = trimap(alpha, uncertainty=doubt), rgb.astype(np.float32) / 255
    means = []
    for value in (255, 0):
        known = (marked == value).astype(np.float32)
        mean = np.full_like(picture, 0.5)
        for reach in (4 * radius, 2 * radius, radius):
            side = (2 * reach + 1, 2 * reach + 1)
            share = cv2.blur(known, side)[..., None]
            trust = np.clip(share / 0.05, 0, 1)
            mean += trust * (cv2.blur(picture * known[..., None], side) / (share + 1e-6) - mean)
        means.append(mean)
    along = means[0] - means[1]
    found = (((picture - means[1]) * along).sum(axis=-1) + weight * alpha) / ((along**2).sum(axis=-1) + weight)
    return np.where(marked == 128, np.clip(found, 0, 1), alpha).astype(np.float32)


METHODS: dict[str, Method] = {
    "bilinear": lambda small, fast, rgb, doubt: bilinear(small, rgb),
    "bilinear + levels": lambda small, fast, rgb, doubt: levels(bilinear(small, rgb)),
    "fast (guided filter + levels)": lambda small, fast, rgb, doubt: levels(upsample(small, rgb)),
    "fast, then colour line": lambda small, fast, rgb, doubt: colour_line(fast, rgb, doubt),
    "fast, then closed-form": lambda small, fast, rgb, doubt: closed_form(fast, rgb, uncertainty=doubt),
}


def soft_figures(alpha: Alpha, true: Alpha) -> dict[str, float]:
    soft = ((true > 1 / 255) & (true < 1)).astype(np.uint8)
    near: NDArray[np.bool_] = cv2.dilate(soft, np.ones((15, 15))).astype(bool)
    return {"SAD": sad(alpha, true), "MSE": mse(alpha, true, unknown=near), "gradient": gradient_error(alpha, true)}


def hard_figures(alpha: Alpha, true: Alpha) -> dict[str, float]:
    fine = boundary_f(alpha, true, tolerance=0.002)
    return {"IoU": iou(alpha, true), "F .75%": boundary_f(alpha, true), "F .2%": fine}


def report(title: str, every: Iterable[Scene], figures: Callable[[Alpha, Alpha], dict[str, float]]) -> None:
    """Print one table."""
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
    for _, rgb, small, true in every:
        fast, doubt = levels(upsample(small, rgb)), uncertainty(small)
        for name, method in METHODS.items():
            start = time.perf_counter()
            alpha = method(small, fast, rgb, doubt)
            seconds = time.perf_counter() - start
            rows[name].append({**figures(alpha, true), "s": seconds})
    first = rows["bilinear"]
    print(f"\n{title}: {len(first)} pictures\n")
    print(f"| method | {' | '.join(first[0])} | worst s |\n|---{'|---' * (len(first[0]) + 1)}|")
    for name, values in rows.items():
        means = [f"{np.mean([row[figure] for row in values]):.4f}" for figure in first[0]]
        print(f"| {name} | {' | '.join(means)} | {max(row['s'] for row in values):.3f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=600, help="pixels")
    side = parser.parse_args().side
    cv2.setNumThreads(1)
    warm = np.tile(np.linspace(0, 1, 40, dtype=np.float32), (40, 1))
    closed_form(warm, np.zeros((40, 40, 3), np.uint8), uncertainty=0.0)  # its compiler is not what is timed
    for noise in (2.0, 0.0):
        every = list(drawn(side, noise=noise))
        furry = [scene for scene in every if scene[0].startswith("fur")]
        smooth = [scene for scene in every if not scene[0].startswith("fur")]
        report(f"soft discs and bottles, {side} x {side}, noise of {noise:g} levels", smooth, soft_figures)
        report(f"furry balls, {side} x {side}, noise of {noise:g} levels", furry, soft_figures)
    if root := os.environ.get("PACKSHOT_DATA"):
        report("studio pictures on streets", studio(Path(root)), soft_figures)
        report("street photos", street(Path(root)), hard_figures)


if __name__ == "__main__":
    main()
