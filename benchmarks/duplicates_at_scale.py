"""Candidates for duplicates among drawn sketches, by files on disk: memory, disk, processor time, and what is found.

python benchmarks/duplicates_at_scale.py [--photos 5000 20000]

Every tenth photo is a copy of an earlier one: a third of its features come back, with up to 6 of 64 bits otherwise, and
its hash is another one. The codes of other photos are random, so chance finds as few as it can.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from packshot.duplicates import Sketch
from packshot.duplicates.on_disk import DiskCandidates

FEATURES, KEPT, WRONG_BITS = 256, 85, 6


def drawn(number: int) -> Sketch:
    random = np.random.default_rng(number)
    codes = random.integers(0, 2**64, FEATURES, np.uint64)
    if number % 10 == 9:
        original = np.random.default_rng(number - 9).integers(0, 2**64, FEATURES, np.uint64)[:KEPT]
        bits = random.integers(0, 64, (KEPT, WRONG_BITS)).astype(np.uint64)
        codes[:KEPT] = original ^ np.bitwise_or.reduce(np.uint64(1) << bits, axis=1)
    return Sketch(f"{number:064x}", (1000, 1000), int(random.integers(0, 2**63)) << 1, codes, 1e6, 0.0)


def peak_mb() -> float:
    """The most this process ever held in memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def measure(photos: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun, before = time.process_time(), peak_mb()
        candidates = DiskCandidates(Path(folder))
        for number in range(photos):
            candidates.add(number, drawn(number))
        drawing = time.process_time() - begun
        pairs = set(candidates.pairs())
        spent = time.process_time() - begun
        disk = sum(path.stat().st_size for path in Path(folder).iterdir())
        copies = photos // 10
        found = sum((number, number - 9) in pairs for number in range(9, photos, 10))
        print(
            f"{photos} photos: {peak_mb():.0f} MB of memory at most ({before:.0f} before it began); a photo takes "
            f"{disk / photos / 1000:.1f} kB of disk and {(spent - drawing) / photos * 1000:.2f} ms of processor; "
            f"{found} of {copies} copies found, {(len(pairs) - found) / photos:.3f} other pairs a photo"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+", default=[5_000, 20_000])
    asked = parser.parse_args().photos
    if len(asked) == 1:
        measure(asked[0])
        return
    for photos in asked:  # each in a process of its own, whose memory is its own
        subprocess.run([sys.executable, __file__, "--photos", str(photos)], check=True)


if __name__ == "__main__":
    main()
