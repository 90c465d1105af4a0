"""What a second network's opinion would add to the mask, on photos with a drawn or exact outline (decision 61).

    GENERAL_PHOTOS=... PACKSHOT_DATA=... python benchmarks/second_network.py --u2netp u2netp.onnx --u2net u2net.onnx

The networks' own maps at one half, before anything is cleaned: IoU and the share of photos at IoU 0.9, by set.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from packshot.cutout.maps import find_maps
from packshot.evaluation import iou
from packshot.runtime import Network, load
from packshot.settings import Settings
from packshot.values import Alpha, Rgb
from ready_labels import outlined

LONGEST = 512


def odds(alpha: Alpha) -> Alpha:
    """Log odds, of at most 0.99."""
    sure = np.clip(alpha, 0.01, 0.99)
    return np.log(sure / (1 - sure))


def look(network: Network, rgb: Rgb) -> Alpha:
    """The network's map of a photo whose brightest value is stretched to 255, at the photo's size."""
    bright = np.clip(rgb.astype(np.float32) * (255 / max(1, int(rgb.max()))), 0, 255).astype(np.uint8)
    found = network.run(network.prepare(bright))[0, 0]
    return np.asarray(cv2.resize(found, rgb.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def mixed(ours: Alpha, small: Alpha, large: Alpha) -> dict[str, Alpha]:
    """Every way of asking, each a map whose product is above one half."""
    return {
        "ours": ours,
        "u2net": large,
        "mean of ours and u2netp": (ours + small) / 2,
        "odds of ours and half of u2netp": np.asarray(odds(ours) + odds(small) / 2 > 0, np.float32),
        "odds of ours and u2net": np.asarray(odds(ours) + odds(large) > 0, np.float32),
        "mean of the three": (ours + small + large) / 3,
    }


def set_of(kind: str) -> str:
    """The set a photo's kind belongs to."""
    if kind.startswith("composite"):
        return kind.strip()
    return "garments" if kind.startswith("clothes") else kind if kind in {"ccp", "people"} else "general"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--u2netp", default="u2netp", help="a name or a file")
    parser.add_argument("--u2net", default="u2net", help="a name or a file")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    parser.add_argument("--limit", type=int, help="so many photos, for a trial")
    options = parser.parse_args()
    ours, small, large = (load(name, Settings()) for name in ("cutout", options.u2netp, options.u2net))
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for kind, _, rgb, true in itertools.islice(outlined(Path(options.data)), options.limit):
        scale = min(1.0, LONGEST / max(true.shape))
        size = round(true.shape[1] * scale), round(true.shape[0] * scale)
        photo = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        truth = np.asarray(cv2.resize(true, size, interpolation=cv2.INTER_AREA), np.float32)
        mine = np.asarray(cv2.resize(find_maps(rgb, ours).alpha, size), np.float32)
        for name, alpha in mixed(mine, look(small, photo), look(large, photo)).items():
            scores[set_of(kind)][name].append(iou(alpha, truth))
    print("| set | photos | maps | IoU | at IoU 0.9 |\n|---|---|---|---|---|")
    for group, rows in scores.items():
        for name, values in rows.items():
            found = np.array(values)
            print(f"| {group} | {len(found)} | {name} | {found.mean():.3f} | {(found >= 0.9).mean():.2f} |")


if __name__ == "__main__":
    main()
