"""Which is right where a plain background's colour and the network contradict each other: photos with drawn outlines.

    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/plain_contradictions.py

Of the photos whose background is taken for plain: the IoU of the network alone and of the background, by how much
of the product the two firmly contradict each other about (`OnPlainBackground.contradiction`).
"""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np

from outlines import outlined_photos
from packshot.cutout import plain_background, segment
from packshot.cutout.maps import find_maps
from packshot.evaluation import iou
from packshot.photo import decode
from packshot.runtime import load
from packshot.settings import Settings

BOUNDS = (0.0, 0.01, 0.05, 0.2, 1.0)


def main() -> None:
    if not os.environ.get("GENERAL_PHOTOS"):
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    network = load("cutout", Settings())
    rows = []
    for item in outlined_photos():
        rgb, true = item.pair()
        found = plain_background(rgb, find_maps(rgb, network).alpha)
        if found is not None:
            alone = segment(decode(rgb), network, plain=False).alpha
            rows.append((found.contradiction, iou(alone, true), iou(found.alpha, true)))
    figures = np.array(rows)
    print("| contradiction | photos | network alone, IoU | background, IoU | network better |\n|---|---|---|---|---|")
    for low, high in pairwise(BOUNDS):
        part = figures[(figures[:, 0] >= low) & ((figures[:, 0] < high) | (high == BOUNDS[-1]))]
        if len(part):
            better = int((part[:, 1] > part[:, 2]).sum())
            means = f"{part[:, 1].mean():.3f} | {part[:, 2].mean():.3f}"
            print(f"| {low:g} to {high:g} | {len(part)} | {means} | {better} |")


if __name__ == "__main__":
    main()
