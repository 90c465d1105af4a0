"""What a matte costs and wins: errors of alpha against a known truth, for each way of finding the soft edge.

`drawn`: products of known colour and opacity (soft discs, bottles, furry balls) on foreign photos, with a camera's
noise; the small alpha is the true one bent by a pixel and averaged to 176 x 176, as a decoder at half the resolution of
a 352-pixel network blurs it. With PACKSHOT_DATA set, also validation pictures with the alpha that the shipped network
itself gives: `studio` pictures on streets (the street's person erased), `street` photos and `garments`, whose labels
are hard, so that only the outline is measured; with GENERAL_PHOTOS set, as benchmarks/general.py says, `general`
photos. What a plain background's colour says is left out here.

    python benchmarks/matting.py [--side 1000] [--kind street --kind garments] [--every 3]

Columns: SAD in thousands of pixels; MAE over the picture; MSE within 7 pixels of the soft edge; gradient error;
boundary F-measure at 0.2 % of the diagonal; for hard labels IoU and the F-measure at 0.75 % and 0.2 %; processor time
of the step in milliseconds on one thread, mean and worst, which other work on the machine does not lengthen. The closed
form needs the extra packshot[matting] and is left out without it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_colour import lay, scenes
from packshot.cutout import closed_form, trimap, upsample
from packshot.cutout.matte import enlarge, enlarge_finely, levels, without_haze
from packshot.cutout.uncertainty import uncertainty
from packshot.datasets import Split, public_items
from packshot.evaluation import boundary_f, gradient_error, iou, mae, mse, sad
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb

SIDE = 352
ONE_THREAD = Settings(threads=1)
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


def garments(root: Path) -> Iterator[Scene]:
    """Snapshots of garments whose masks were checked by eye, with the shipped network's own alpha."""
    from cutout_quality import garments as photos

    network = load("cutout", ONE_THREAD)
    for photo in photos(root):
        yield "garment", photo.rgb, seen(network, photo.rgb), photo.alpha


def general() -> Iterator[Scene]:
    """Photos of a hundred kinds with outlines drawn by hand, with the shipped network's own alpha."""
    from outlines import outlined_photos

    network = load("cutout", ONE_THREAD)
    for item in outlined_photos(Path(os.environ["GENERAL_PHOTOS"])):
        if not {"framed", "drawing"} & set(item.tags):
            rgb, true = item.pair()
            yield item.kind, rgb, seen(network, rgb), true


def studio(root: Path) -> Iterator[Scene]:
    """Studio pictures on streets, with the shipped network's own alpha."""
    from packshot.training.cutout.mix import studio_composites

    network = load("cutout", ONE_THREAD)
    for rgb, true in studio_composites(root, public_items(root), Split.VALIDATION, each=1):
        yield "studio", rgb, seen(network, rgb), true


def street(root: Path) -> Iterator[Scene]:
    """Street photos, with the shipped network's own alpha and hard labels."""
    network = load("cutout", ONE_THREAD)
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
    "bilinear + levels": lambda small, fast, rgb, doubt: levels(bilinear(small, rgb)),
    "guided r2 + levels": lambda small, fast, rgb, doubt: levels(upsample(small, rgb, radius=2)),
    "guided r4 on a grid twice as fine": lambda small, fast, rgb, doubt: levels(upsample(small, rgb, scale=2)),
    "guided r8 + levels": lambda small, fast, rgb, doubt: levels(upsample(small, rgb, radius=8)),
    "fast (guided r4 + levels)": lambda small, fast, rgb, doubt: enlarge(small, rgb),
    "fine (finer grid, second fit)": lambda small, fast, rgb, doubt: enlarge_finely(small, rgb),
    "fast, then colour line": lambda small, fast, rgb, doubt: colour_line(fast, rgb, doubt),
    "fast, then closed-form": lambda small, fast, rgb, doubt: closed_form(fast, rgb, uncertainty=doubt),
}


def soft_figures(alpha: Alpha, true: Alpha) -> dict[str, float]:
    soft = ((true > 1 / 255) & (true < 1)).astype(np.uint8)
    near: NDArray[np.bool_] = cv2.dilate(soft, np.ones((15, 15))).astype(bool)
    return {
        "SAD": sad(alpha, true),
        "MAE": mae(alpha, true),
        "MSE": mse(alpha, true, unknown=near),
        "gradient": gradient_error(alpha, true),
        "F .2%": boundary_f(alpha, true, tolerance=0.002),
    }


def hard_figures(alpha: Alpha, true: Alpha) -> dict[str, float]:
    fine = boundary_f(alpha, true, tolerance=0.002)
    return {"IoU": iou(alpha, true), "F .75%": boundary_f(alpha, true), "F .2%": fine}


def report(title: str, every: Iterable[Scene], figures: Callable[[Alpha, Alpha], dict[str, float]]) -> None:
    """Print one table."""
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
    for _, rgb, small, true in every:
        fast, doubt = enlarge(small, rgb), uncertainty(small)
        for name, method in METHODS.items():
            start = time.process_time()
            alpha = method(small, fast, rgb, doubt)
            spent = 1000 * (time.process_time() - start)
            rows[name].append({**figures(alpha, true), "ms": spent})
    first = next(iter(rows.values()))
    print(f"\n{title}: {len(first)} pictures\n")
    print(f"| method | {' | '.join(first[0])} | worst ms |\n|---{'|---' * (len(first[0]) + 1)}|")
    for name, values in rows.items():
        means = [f"{np.mean([row[figure] for row in values]):.{0 if figure == 'ms' else 4}f}" for figure in first[0]]
        print(f"| {name} | {' | '.join(means)} | {max(row['ms'] for row in values):.0f} |", flush=True)


def main() -> None:
    """Print the tables."""
    kinds = ("drawn", "studio", "street", "garments", "general")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=1000, help="pixels of a drawn picture's side")
    parser.add_argument("--kind", action="append", choices=kinds, help="may be repeated; default: all")
    parser.add_argument("--every", type=int, default=1, help="take every n-th picture")
    parser.add_argument("--leave-out", action="append", default=[], help="methods whose names contain this")
    options = parser.parse_args()
    wanted, side = options.kind or kinds, options.side
    cv2.setNumThreads(1)
    if find_spec("pymatting") is None:
        options.leave_out.append("closed-form")
    for name in [name for name in METHODS if any(part in name for part in options.leave_out)]:
        del METHODS[name]
    warm = np.tile(np.linspace(0, 1, 80, dtype=np.float32), (80, 1))
    for method in METHODS.values():  # loading and compiling is not what is timed
        method(warm, warm, np.zeros((80, 80, 3), np.uint8), 0.0)

    def few(every: Iterable[Scene]) -> Iterator[Scene]:
        return islice(every, 0, None, options.every)

    if "drawn" in wanted:
        every = list(few(drawn(side, noise=2.0)))
        furry = [scene for scene in every if scene[0].startswith("fur")]
        smooth = [scene for scene in every if not scene[0].startswith("fur")]
        report(f"soft discs and bottles, {side} x {side}", smooth, soft_figures)
        report(f"furry balls, {side} x {side}", furry, soft_figures)
    if root := os.environ.get("PACKSHOT_DATA"):
        if "studio" in wanted:
            report("studio pictures on streets", few(studio(Path(root))), soft_figures)
        if "street" in wanted:
            report("street photos", few(street(Path(root))), hard_figures)
        if "garments" in wanted:
            report("garments", few(garments(Path(root))), hard_figures)
    if os.environ.get("GENERAL_PHOTOS") and "general" in wanted:
        report("a hundred kinds", few(general()), hard_figures)


if __name__ == "__main__":
    main()
