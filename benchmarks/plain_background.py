"""Products on plain backgrounds: how good the mask is with the background's colour and with the network alone.

    PACKSHOT_DATA=../shared/data PACKSHOT_RENDERS=renders python benchmarks/plain_background.py
    python benchmarks/plain_background.py --part odd     # for choosing; even (the default) reports

PACKSHOT_RENDERS names a folder with RGBA files, a folder for each model (``renders/mug/3.png``): exact alpha. Models
and photos are counted in order of their names; even-numbered ones report. Drawn products are in ``studio_scenes.py``.

Columns: pictures; how many were taken for plain; mean IoU of the masks at 0.5; share damaged (IoU < 0.95); share of the
holes found (enclosed background of at least 0.05 % of the picture, of which 80 % is open); share of the good ones that
goes to review, as a run decides it; share of the damaged ones that does. "alone" is the network alone, on the same
pictures. A photo that is refused counts as an empty mask. False plain: photos of the public sets, which show clothes on
floors, beds, doors and walls, people in streets, and shelves; some are on plain walls all the same, but every one
counts.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout import plain_background, segment
from packshot.cutout.matte import levels, upsample, without_haze
from packshot.cutout.plain_background import recognise
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb
from studio_scenes import BACKGROUNDS, DRAWN, Scene, draw, scene

OTHERS = {"ccp": "ccp/photos", "clothing": "clothing/images", "grocery": "grocery/train"}


def renders(root: Path, part: int, each: int) -> Iterator[Scene]:
    """Rendered models on backgrounds, `each` pictures a model."""
    for number, model in enumerate(sorted(path for path in root.iterdir() if path.is_dir())):
        if number % 2 == part:
            files = sorted(model.glob("*.png"))
            for turn in range(min(each, len(files))):
                rng = np.random.default_rng([number, turn])
                product = cv2.cvtColor(cv2.imread(str(files[turn]), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
                yield scene(product, rng, background=BACKGROUNDS[(number // 2 + turn) % len(BACKGROUNDS)])


def drawn(part: int, each: int) -> Iterator[Scene]:
    """Drawn products, `each` pictures a kind."""
    for number, kind in enumerate(DRAWN):
        for turn in range(each):
            rng = np.random.default_rng([number, turn, part])
            yield scene(draw(kind, rng), rng, background=BACKGROUNDS[turn % len(BACKGROUNDS)])


def mask(rgb: Rgb, network: Network, *, plain: bool) -> tuple[Alpha, bool]:
    """Alpha, and whether it goes to review; nothing if the photo is refused."""
    try:
        found = segment(decode(rgb), network, plain=plain)
    except NothingToCutOut:
        return np.zeros(rgb.shape[:2], np.float32), True
    fitted = network.card.ready is not None
    return found.alpha, bool(found.doubts) if fitted else found.uncertainty > Settings().review_above


def iou(alpha: Alpha, truth: Alpha) -> float:
    """Intersection over union at 0.5."""
    one, other = alpha >= 0.5, truth >= 0.5
    return float(np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other)))


def holes(alpha: Alpha, truth: Alpha) -> tuple[int, int]:
    """How many holes the truth has, and how many of them are open."""
    count, labels = cv2.connectedComponents((truth < 0.05).astype(np.uint8), connectivity=4)
    rim = set(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]).tolist()) | {0}
    there = found = 0
    for label in set(range(count)) - rim:
        inside = labels == label
        if np.count_nonzero(inside) >= 0.0005 * truth.size:
            there += 1
            found += bool((alpha[inside] < 0.5).mean() >= 0.8)
    return there, found


def row(name: str, scenes: list[Scene], network: Network, *, plain: bool) -> str:
    """One line of the table."""
    scores, looks, there, found = [], [], 0, 0
    for one in scenes:
        alpha, look = mask(one.rgb, network, plain=plain)
        scores.append(iou(alpha, one.alpha))
        looks.append(look)
        more = holes(alpha, one.alpha)
        there, found = there + more[0], found + more[1]
    damaged, review = np.array(scores) < 0.95, np.array(looks)
    taken = f"{np.mean([recognise(one.rgb) is not None for one in scenes]):.3f}" if plain else ""
    opened = f"{found / there:.3f} of {there}" if there else ""
    caught = f"{review[damaged].mean():.2f} of {damaged.sum()}" if damaged.any() else ""
    return (
        f"| {name} | {'with the background' if plain else 'alone'} | {len(scenes)} | {taken} | {np.mean(scores):.4f}"
        f" | {np.median(scores):.4f} | {damaged.mean():.3f} | {opened} | {review[~damaged].mean():.3f} | {caught} |"
    )


def others(root: Path, folder: str, part: int) -> tuple[int, list[Path]]:
    """How many photos there are, and those taken for plain."""
    files = sorted(path for path in (root / folder).rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    chosen = files[1 - part :: 2]
    return len(chosen), [path for path in chosen if recognise(decode(path).rgb) is not None]


def speed() -> tuple[float, float]:
    """Milliseconds at a megapixel, best of 20: with the background, and the network's own enlargement."""
    rng = np.random.default_rng(0)
    one = scene(draw("scissors", rng), rng, background="gradient", side=1000)
    rgb = np.ascontiguousarray(cv2.resize(one.rgb, (1000, 1000)))
    probability = cv2.resize(one.alpha, (352, 352), interpolation=cv2.INTER_AREA)
    times = []
    for work in (lambda: plain_background(rgb, probability), lambda: levels(upsample(without_haze(probability), rgb))):
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        times.append(min(taken) * 1000)
    return times[0], times[1]


def groups(scenes: Iterable[Scene]) -> dict[str, list[Scene]]:
    """By background, and those hard to tell from it apart."""
    parts: dict[str, list[Scene]] = {
        "white, near white": [],
        "grey, colour, gradient": [],
        "of the background's colour": [],
    }
    for one in scenes:
        faint = one.contrast < 20
        light = one.background in BACKGROUNDS[:2]
        name = "of the background's colour" if faint else "white, near white" if light else "grey, colour, gradient"
        parts[name].append(one)
    return {name: part for name, part in parts.items() if part}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["even", "odd"], default="even")
    parser.add_argument(
        "--each", type=int, default=1, help="pictures of each rendered model; six times as many of each drawn kind"
    )
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA"))
    parser.add_argument("--renders", type=Path, default=os.environ.get("PACKSHOT_RENDERS"))
    options = parser.parse_args()
    part = 1 if options.part == "even" else 0  # counted from 1
    network = load(options.model, Settings(model=options.model))
    print(
        "| products | method | pictures | taken for plain | IoU | median | damaged | holes found | good to review"
        " | damaged that are |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    parts = {f"drawn, {name}": some for name, some in groups(drawn(part, 6 * options.each)).items()}
    if options.renders:
        parts |= {
            f"rendered, {name}": some for name, some in groups(renders(options.renders, part, options.each)).items()
        }
    for name, scenes in parts.items():
        for plain in (False, True):
            print(row(name, scenes, network, plain=plain), flush=True)
    plain_ms, alone_ms = speed()
    print(f"\nat a megapixel: {plain_ms:.1f} ms; the enlargement of the network's mask {alone_ms:.1f} ms\n")
    if options.data:
        print("| other photos | number | taken for plain | share |\n|---|---|---|---|")
        for name, folder in OTHERS.items():
            count, taken = others(options.data, folder, part)
            print(f"| {name} | {count} | {len(taken)} | {len(taken) / max(1, count):.4f} |", flush=True)


if __name__ == "__main__":
    main()
