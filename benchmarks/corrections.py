"""What a correction costs: `python benchmarks/corrections.py OUT`, of a folder that `packshot run` has written.

Hands in another mask for each of some photos and times `packshot review apply`, in a process of its own as it is typed:
the time on the clock, and that of the processor, which a busy machine does not stretch as much. Says how many files
changed that belong to other photos, then takes all of it back.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from packshot.review import Review

PACKSHOT = (sys.executable, "-m", "packshot")
# Modules are compiled once, as where a package is installed, not for each command.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def hashes(out: Path) -> dict[str, str]:
    kept = (path for path in out.rglob("*") if path.suffix in {".png", ".jpg", ".webp", ".avif", ".npy"})
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if "review" not in path.parts and "found" not in path.parts
    }


def timed(*words: str) -> tuple[float, float]:
    before, started = os.times(), time.perf_counter()
    subprocess.run([*PACKSHOT, *words], check=True, capture_output=True, env=ENVIRONMENT)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, used


def correct(review: Review, source: str) -> None:
    """The run's own mask without its upper half."""
    alpha = review.mask(source)
    assert alpha is not None
    rows = np.flatnonzero((alpha > 0.5).any(axis=1))
    alpha[: (rows[0] + rows[-1]) // 2] = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mask.png"
        Image.fromarray(np.rint(alpha * 255).astype(np.uint8)).save(path)
        subprocess.run(
            [*PACKSHOT, "review", "mask", str(review.out), source, "--file", str(path), "--by", "benchmark"],
            check=True,
            capture_output=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photos", type=int, default=5)
    asked = parser.parse_args()
    review = Review(asked.out / "manifest.jsonl")
    records = [record for record in review.records if record.mask]
    chosen = records[:: max(1, len(records) // asked.photos)][: asked.photos]
    timed("review", "apply", str(asked.out))  # compiles what is not compiled yet
    print(f"{len(records)} photos, {len(records[0].packshots)} profiles")
    print("| photo | apply, s | processor, s | files changed | of other photos |")
    print("|---|---|---|---|---|")
    for record in chosen:
        before = hashes(asked.out)
        correct(review, record.source)
        clock, processor = timed("review", "apply", str(asked.out))
        after = hashes(asked.out)
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        mine = str(record.mask).removeprefix("masks/").removesuffix(".png")
        others = [name for name in changed if f"/{mine}." not in f"/{name}"]
        print(f"| {record.source} | {clock:.2f} | {processor:.2f} | {len(changed)} | {len(others)} |", flush=True)
        subprocess.run([*PACKSHOT, "review", "undo", str(asked.out)], check=True, capture_output=True)
        timed("review", "apply", str(asked.out))
        assert hashes(asked.out) == before, "undo brings the pictures back"


if __name__ == "__main__":
    main()
