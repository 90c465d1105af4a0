r"""Stanford Cars by make, basic or premium, as a table that `packshot train` takes: the published question.

    python benchmarks/car_set.py cars/ --photos cars_train --annotations cars_train_annos.mat --meta cars_meta.mat \
        --swapped
    packshot train efficientnet-lite0 --data cars/list.csv -o runs/cars --grid recipes/premium/grid.toml

The photos are the 8,144 training photos of Stanford Cars, cropped to the car; --swapped says that the copy at hand
stores blue for red. The set is for research: train on it to compare, ship nothing of it. The make alone decides; exotic
makes (Ferrari, Lamborghini, Bentley ...) are left out. The group of a photo is its model without year and body, and a
model is in one split alone; of pictures that are equal pixel for pixel the first is kept. Photos are reduced to --size
pixels on the longer side.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from pathlib import Path

import cv2
from scipy.io import loadmat

from packshot.datasets import Item, Split, folds

PREMIUM = {
    *("Acura", "Audi", "BMW", "Cadillac", "Infiniti", "Jaguar", "Land", "Lincoln", "MINI", "Mercedes-Benz"),
    *("Porsche", "Tesla", "Volvo"),
}
BASIC = {
    *("Buick", "Chevrolet", "Chrysler", "Daewoo", "Dodge", "Eagle", "FIAT", "Ford", "GMC", "Geo", "HUMMER", "Honda"),
    *("Hyundai", "Isuzu", "Jeep", "Mazda", "Mitsubishi", "Nissan", "Plymouth", "Ram", "Scion", "Suzuki", "Toyota"),
    *("Volkswagen", "smart"),
}
BODIES = re.compile(
    r"\b(Sedan|Coupe|Convertible|SUV|Hatchback|Wagon|Minivan|Van|Cargo|Passenger|(Crew|Club|Quad|Extended|Regular) Cab"
    r"|SuperCab|\d{4})\b"
)
FIFTHS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="a new folder")
    for name in ("photos", "annotations", "meta"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--swapped", action="store_true", help="the photos store blue for red")
    parser.add_argument("--size", type=int, default=256)
    options = parser.parse_args()
    names = [str(name[0]) for name in loadmat(options.meta)["class_names"][0]]
    rows = loadmat(options.annotations)["annotations"][0]
    (options.out / "photos").mkdir(parents=True)
    items: list[Item] = []
    seen: set[bytes] = set()
    for row in rows:
        file, name = str(row["fname"][0]), names[int(row["class"][0, 0]) - 1]
        make = name.split()[0]
        if make not in PREMIUM | BASIC or not (options.photos / file).is_file():
            continue
        digest = hashlib.sha256(cv2.imread(str(options.photos / file)).tobytes()).digest()
        if digest in seen:
            continue
        seen.add(digest)
        model = " ".join(BODIES.sub("", name).split())
        label = "premium" if make in PREMIUM else "basic"
        items.append(Item("cars", Split.TRAIN, Path(file), label=label, group=model))
    # Every fifth of the models, make by make as folds deal them, is the holdout; of the rest one is validation.
    dealt = folds(items, FIFTHS, seed=16)
    validation = {item.photo for item in dealt[0] if item.split is Split.VALIDATION}
    holdout = {item.photo for item in dealt[1] if item.split is Split.VALIDATION}
    lines, counts = ["path,label,split,group"], Counter()
    for item in items:
        bgr = cv2.imread(str(options.photos / item.photo))
        bgr = bgr[..., ::-1] if options.swapped else bgr
        scale = min(1.0, options.size / max(bgr.shape[:2]))
        small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(options.out / "photos" / item.photo), small, [cv2.IMWRITE_JPEG_QUALITY, 92])
        split = "validation" if item.photo in validation else "holdout" if item.photo in holdout else "train"
        counts[split, item.label] += 1
        lines.append(f"photos/{item.photo},{item.label},{split},{item.group}")
    (options.out / "list.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for key, count in sorted(counts.items()):
        print(*key, count)
    print(len({item.group for item in items}), "models")


if __name__ == "__main__":
    main()
