r"""Draw a fixed set of framed and unframed pictures, to train frame-2016 as its authors did: over the same ones again.

    PACKSHOT_DATA=../shared/data python benchmarks/frame_set.py drawn-frames
    packshot train frame-2016 --data drawn-frames/list.csv -o runs/grid --grid recipes/frame-2016/grid.toml \
        --folds 5 --set epochs=20 --set draw=never

Drawing a picture takes longer than learning from it at 128 px; here each is drawn once. The training photos of the
public sets are dealt into parts, each picture is drawn from the photos of one part, and the part is its group: no photo
stands behind pictures of two folds. Half of the pictures are framed. They are kept as the network sees them.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

from packshot.datasets import Split
from packshot.runtime.preprocessing import resize
from packshot.training.drawing.photos import public_photos
from packshot.training.frame.drawing.generator import FrameGenerator
from packshot.training.frame.samples import FRAMED, UNFRAMED

SEED = 20160  # of no training and no other benchmark


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--pictures", type=int, default=6000, help="half of them framed (6000)")
    parser.add_argument("--parts", type=int, default=25, help="of the photos; every fifth is validation (25)")
    parser.add_argument("--size", type=int, default=128, help="side in pixels (128)")
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    photos = public_photos(Path(options.data), Split.TRAIN)
    if len(photos) < options.parts:
        raise SystemExit(f"{len(photos)} training photos under {options.data}: name the public sets with --data")
    options.out.mkdir(parents=True)
    cv2.setNumThreads(1)
    order = np.random.default_rng(SEED).permutation(len(photos))
    rows = []
    for part in range(options.parts):
        mine = [photos[place] for place in order[part :: options.parts]]
        draw = FrameGenerator(mine, seed=SEED + part, settings="train")
        for index in range(options.pictures // options.parts):
            sample = draw(index)
            name, label = f"{part:02}-{index:04}.png", FRAMED if sample.framed else UNFRAMED
            cv2.imwrite(str(options.out / name), resize(sample.rgb, size=(options.size, options.size))[..., ::-1])
            rows.append(f"{name},{label},{'validation' if part % 5 == 0 else 'train'},part-{part:02}")
    # In no order: every so many rows are kept to calibrate, and framed and unframed pictures take turns.
    np.random.default_rng(SEED).shuffle(rows)
    (options.out / "list.csv").write_text("path,label,split,group\n" + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} pictures from {len(photos)} photos: {options.out / 'list.csv'}")


if __name__ == "__main__":
    main()
