"""Gather the real pictures of overlays_by_eye.csv: overlays, print on products, and neither, labelled by eye.

    PACKSHOT_DATA=../shared/data python benchmarks/overlay_set.py pictures --clones clones

The pictures are others' and are not here: the table names each by repository, commit, path and SHA-256. `--clones` is a
folder that holds a clone of each repository as OWNER/NAME; those of PACKSHOT_DATA are read there. A picture whose bytes
are not those that were labelled is refused, one that is not there is reported and left out. Boxes are rough, x0 y0 x1
y1 as fractions of width and height. Kinds of overlays are text, logo, badge, price, url (a small line with the shop's
address), watermark and measure (dimensions with arrows); the rest is print (words on the product or on its screen) or
none. Half of each source and kind is validation, which may choose; the other half is test, which only reports.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import subprocess
from collections import Counter
from pathlib import Path

TABLE = Path(__file__).with_name("overlays_by_eye.csv")
WITHOUT = {"none", "print"}  # kinds without an overlay


def labelled() -> list[dict[str, str]]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="a folder, made where it is missing")
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("PACKSHOT_DATA", "../shared/data"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    for row in labelled():
        found = picture(row, options.clones, Path(options.data))
        if found is None:
            print("missing:", row["repository"], row["path"])
            continue
        if hashlib.sha256(found).hexdigest() != row["sha256"]:
            raise SystemExit(f"{row['repository']} {row['path']}: not the picture that was labelled")
        (options.out / (row["sha256"][:16] + Path(row["path"]).suffix)).write_bytes(found)
        counts[row["split"], row["kinds"] if row["kinds"] in WITHOUT else "overlay"] += 1
    for key, count in sorted(counts.items()):
        print(*key, count)


def picture(row: dict[str, str], clones: Path, data: Path) -> bytes | None:
    """The bytes of a row's picture, or None where it is not there."""
    if row["repository"] == "PACKSHOT_DATA":
        file = data / row["path"]
        return file.read_bytes() if file.is_file() else None
    clone = clones / row["repository"]
    done = subprocess.run(
        ["git", "-C", str(clone), "cat-file", "blob", f"{row['commit']}:{row['path']}"],
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    main()
