"""How well a garment or a person alone is cut out of a street photo, as `--subject` asks for it.

    PACKSHOT_DATA=../shared/data python benchmarks/subjects.py
    PACKSHOT_DATA=../shared/data python benchmarks/subjects.py --split holdout

Truth are the hand labels of Clothing Co-Parsing; where a label says neither garment nor not (jewellery, glasses, what
is carried) nothing is counted. The baseline beside it is the mask of all that stands out.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from packshot.cutout import segment
from packshot.datasets import Split, public_items
from packshot.errors import NothingToCutOut
from packshot.evaluation import bootstrap_interval, iou
from packshot.photo import decode
from packshot.runtime import load
from packshot.settings import Settings, Subject
from packshot.training.cutout.target import CHANNELS, read_target
from packshot.values import Alpha, Photo


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=["validation", "holdout"], default="validation")
    parser.add_argument("--model", default="cutout")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    network = load(options.model, Settings())

    def mask(photo: Photo, subject: Subject) -> Alpha:
        try:
            return segment(photo, network, subject=subject).alpha
        except NothingToCutOut:
            return np.zeros(photo.rgb.shape[:2], np.float32)

    items = [i for i in public_items(Path(options.data)) if i.source == "ccp" and i.split is Split(options.split)]
    scores: dict[tuple[str, str], list[float]] = {}
    for item in items:
        rgb = item.rgb()
        photo, target = decode(rgb), read_target(item, rgb)
        everything = mask(photo, Subject.AUTO)
        for subject in (Subject.GARMENT, Subject.PERSON):
            plane = CHANNELS.index(subject.value)
            true, known = target.values[..., plane] >= 128, target.weights[..., plane] > 0
            for method, alpha in ((f"--subject {subject.value}", mask(photo, subject)), ("--subject auto", everything)):
                scores.setdefault((subject.value, method), []).append(iou((alpha >= 0.5) & known, true & known))
    print(f"| truth, ccp {options.split} | photos | method | IoU | 95 % interval |\n|---|---|---|---|---|")
    for (truth, method), values in scores.items():
        low, high = bootstrap_interval(values)
        print(f"| {truth} | {len(values)} | {method} | {np.mean(values):.3f} | {low:.3f}-{high:.3f} |")


if __name__ == "__main__":
    main()
