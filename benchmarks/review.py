"""How long reviewing takes as photos and decisions add up: `python benchmarks/review.py`.

Draws an output folder of N photos with masks of 20 kB and pictures of 100 kB, decides on all of them, and times what a
person waits for.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from packshot.records import read_record, write_manifest
from packshot.review import Review

SIZES = (100, 1_000, 10_000)


def draw(out: Path, count: int) -> None:
    records = []
    for index in range(count):
        files = {"mask": (f"masks/{index}.png", 20_000), "packshot": (f"packshots/{index}.jpg", 100_000)}
        for name, size in files.values():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(size))
        record = {"source": f"photos/{index}.jpg", "sha256": hashlib.sha256(str(index).encode()).hexdigest()}
        record |= {"status": "review", "error": None, "frame": None, "rules": [], "category": None, "uncertainty": 0.1}
        records.append(read_record(record | {name: file for name, (file, _) in files.items()}))
    write_manifest(out / "manifest.jsonl", records)


def timed(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return 1000 * (time.perf_counter() - started)


def row(count: int, out: Path) -> str:
    draw(out, count)
    manifest = out / "manifest.jsonl"
    opened = timed(lambda: Review(manifest))
    review = Review(manifest)
    first = timed(review.queue)
    each = timed(lambda: [review.approve(f"photos/{i}.jpg", by="anna") for i in range(count)]) / count
    again = timed(lambda: Review(manifest))
    last = timed(Review(manifest).queue)
    return f"| {count:,} | {opened:.0f} | {first:.0f} | {each:.1f} | {again:.0f} | {last:.0f} |"


def main() -> None:
    print("| photos | open, ms | first queue, ms | one decision, ms | open with all decided, ms | queue then, ms |")
    print("|---|---|---|---|---|---|")
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            print(row(count, Path(folder) / "out"))


if __name__ == "__main__":
    main()
