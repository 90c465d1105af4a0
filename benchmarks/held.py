"""How many products that somebody holds are said to be held, and how many others are.

    PACKSHOT_DATA=../shared/data GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/held.py

243 photos of the grocery set's training part, three of each of 81 products drawn at random, were looked at one by one:
in 108 a hand holds the product (held_by_eye.json). Every second product chooses the limit (the lowest at which at most
3 % of its photos without a hand are flagged), the others are printed. Photos that nobody holds anything in: garments of
the validation part, and, with GENERAL_PHOTOS, those of a hundred kinds that are not tagged `person`. All hands of the
grocery set are of few persons with light skin: what the figures are for others nobody knows.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from outlines import outlined_photos
from packshot.cutout import segment
from packshot.cutout.maps import find_maps
from packshot.cutout.product import near_person
from packshot.datasets import Split, described_items, read_rgb
from packshot.errors import NothingToCutOut
from packshot.photo import decode
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Doubt, Rgb
from ready_labels import interval

BY_EYE = Path(__file__).parent / "held_by_eye.json"
_FALSE = 0.03


def look(network: Network, photos: Iterable[Rgb]) -> list[tuple[float, bool, bool]]:
    """Of each photo the peak near the product, whether it is flagged, and whether it is refused altogether."""
    found = []
    for rgb in photos:
        photo = decode(rgb)
        maps = find_maps(photo.rgb, network)
        peak = near_person(maps, maps.alpha >= 0.5)
        try:
            found.append((peak, Doubt.HELD in segment(photo, network).doubts, False))
        except NothingToCutOut:
            found.append((peak, False, True))
    return found


def line(name: str, seen: list[tuple[float, bool, bool]]) -> str:
    """One line of the table."""
    flagged, count = sum(flag for _, flag, _ in seen), len(seen)
    low, high = interval(flagged / count, count)
    refused = sum(refused for *_, refused in seen)
    return f"| {name} | {count} | {flagged / count:.3f} ({low:.3f} to {high:.3f}) | {refused} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    root, network = Path(options.data), load(options.model, Settings(allow_non_commercial=True))
    eye = json.loads(BY_EYE.read_text(encoding="utf-8"))
    products = sorted({name.split("/")[1] for name in eye["held"] + eye["not"]})
    seen = {
        (held, part): look(
            network,
            (read_rgb(root / "grocery" / name) for name in eye[held] if (name.split("/")[1] in products[part::2])),
        )
        for held in ("held", "not")
        for part in (0, 1)
    }
    quiet = sorted((peak for peak, *_ in seen["not", 0]), reverse=True)
    chosen = quiet[int(_FALSE * len(quiet))]
    print(f"chosen on every second product: flagged above {chosen:.3f}")
    print("\n| photos | number | flagged as held (95 %) | refused |\n|---|---|---|---|")
    for (held, part), values in seen.items():
        print(line(f"groceries, {'in a hand' if held == 'held' else 'in no hand'}, {('fit', 'test')[part]}", values))
    garments = [i for i in described_items(root) if i.source == "clothing" and i.split is Split.VALIDATION][::3]
    print(line("garments", look(network, (item.rgb() for item in garments))), flush=True)
    if os.environ.get("GENERAL_PHOTOS"):
        kinds = [photo for photo in outlined_photos() if "person" not in photo.tags]
        print(line("a hundred kinds, nobody tagged", look(network, (photo.pair()[0] for photo in kinds))))
    print(f"\nby the limit chosen: {np.mean([peak > chosen for peak, *_ in seen['held', 1]]):.3f} of the held, test")


if __name__ == "__main__":
    main()
