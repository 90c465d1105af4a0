"""Whether a photo of the general validation set, or nearly the same one, is among those that train the cut-out.

    GENERAL_PHOTOS=.../101_ObjectCategories python benchmarks/near_duplicates.py --table teach/masks.csv

Prints each outlined photo that `packshot.duplicates` calls a copy of a training photo (saved again, scaled, cropped,
mirrored, relit, on another background), and how many there are. Such a photo may not be counted as unseen.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from outlines import outlined_photos
from packshot.datasets import Split, read_rgb, taught_items
from packshot.duplicates import KnownPictures


def training_photos(tables: list[Path], folder: Path) -> Iterator[Path]:
    """The photos of teachers' tables that train: of kinds and numbers left for validation a table may hold some too."""
    for table in tables:
        for item in taught_items(table, folder.parent):
            if item.split is Split.TRAIN:
                yield item.photo


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, action="append", required=True, help="of training; may be repeated")
    parser.add_argument("--photos", type=Path, default=os.environ.get("GENERAL_PHOTOS"), help="101_ObjectCategories")
    options = parser.parse_args()
    if not options.photos:
        print("left out: GENERAL_PHOTOS does not name the folder 101_ObjectCategories")
        return
    folder = Path(options.photos)
    known = KnownPictures()
    for path in dict.fromkeys(training_photos(options.table, folder)):
        known.add(read_rgb(path), str(path))
    copies = []
    looked = list(outlined_photos(folder))
    for item in looked:
        found = known.find(read_rgb(item.photo))
        if found:
            copies.append(item)
            print(
                f"{item.photo.parent.name}/{item.photo.name}: {found.kind} of {found.id} ({found.score:.2f})",
                flush=True,
            )
    print(f"{len(copies)} of {len(looked)} outlined photos have a copy among {len(known)} training photos")


if __name__ == "__main__":
    main()
