"""Duplicates among many drawn photos, by files on disk: memory, disk, processor time, and what is found.

python benchmarks/duplicates_at_scale.py [--photos 5000 20000]               candidates alone
python benchmarks/duplicates_at_scale.py --run [--photos 10000 30000 60000]  `packshot duplicates` over a finished run
python benchmarks/duplicates_at_scale.py --in-memory 100000 --photos 4000 16000   buffers that are soon full

Candidates: every tenth photo is a copy of an earlier one: a third of its features come back, with up to 6 of 64 bits
otherwise, and its hash is another one. The codes of other photos are random, so chance finds as few as it can.

`--run`: a run whose rows no pipeline made, and then the command as it is typed, in a process of its own whose most
memory is told. Of 50 photos one is a picture that is there, the next one the same picture smaller, and one has the
pixels of an earlier one; the others are sketches with random codes. So 1 pair in 50 photos is verified from photos.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from packshot.batch import PhotoProcessing
from packshot.batch.memory import memory_budget
from packshot.duplicates import Sketch, fingerprint_of
from packshot.duplicates.on_disk import ROWS_IN_MEMORY, DiskCandidates
from packshot.engines import Done
from packshot.photo import decode
from packshot.records import Record
from packshot.sharded import run_sharded
from packshot.sharded.duplicates import find_run_duplicates
from packshot.sharded.entries import Row

FEATURES, KEPT, WRONG_BITS = 256, 85, 6
ONE_IN = 50  # photos there is a pair to verify, and a copy with the same pixels


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


def measure(photos: int, in_memory: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun, before = time.process_time(), peak_mb()
        candidates = DiskCandidates(Path(folder), in_memory=in_memory)
        for number in range(photos):
            candidates.add(number, drawn(number))
        drawing = time.process_time() - begun
        reserved = peak_mb()
        pairs = set(candidates.pairs())
        spent = time.process_time() - begun
        disk = sum(path.stat().st_size for path in Path(folder).iterdir())
        copies = photos // 10
        found = sum((number, number - 9) in pairs for number in range(9, photos, 10))
        print(
            f"{photos} photos: {peak_mb():.0f} MB of memory at most "
            f"({before:.0f} before it began, {reserved:.0f} with the features); a photo takes "
            f"{disk / photos / 1000:.1f} kB of disk and {(spent - drawing) / photos * 1000:.2f} ms of processor; "
            f"{found} of {copies} copies found, {(len(pairs) - found) / photos:.3f} other pairs a photo"
        )


@dataclass(frozen=True)
class Nothing:
    """A pipeline for photos that take no work."""

    fingerprint: str = "nothing"


def picture(number: int) -> Image.Image:
    """Blots of many colours, others for each number."""
    small = np.random.default_rng(number).integers(0, 256, (12, 16, 3), np.uint8)
    return Image.fromarray(small).resize((320, 240), Image.Resampling.BICUBIC)


def put_photos(folder: Path, photos: int) -> None:
    """Of `ONE_IN` photos the first two are pictures; of the others there is but a name."""
    for number in range(photos):
        path = folder / f"{number // 1000:04}" / f"{number:08}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % ONE_IN == 0:
            picture(number).save(path)
        elif number % ONE_IN == 1:
            picture(number - 1).resize((200, 150)).save(path)
        else:
            path.touch()


def sketch_of(path: Path) -> Sketch:
    number = int(path.stem)
    if number % ONE_IN <= 1:
        return Sketch.of(fingerprint_of(decode(path).rgb))
    # One photo has the pixels of the one before.
    return drawn(10 * (number - (number % ONE_IN == ONE_IN - 1)))


class Sketching:
    """An engine whose rows say what a run's would of such photos."""

    def run(self, tasks: Iterable[Any], make_work: Any, *, stop_requested: Any) -> Generator[Any, None, None]:
        """See `packshot.engines.Engine.run`."""
        for task in tasks:
            entry = task.entry
            sketch = sketch_of(Path(entry.source.removeprefix("file://")))
            record = Record(source=entry.source, status="ok", pixel_hash=sketch.pixels, size=sketch.size)
            yield Done(task, Row(entry.source, task.stem, record, {}, 1, entry.etag, sketch.text()))


def find(out: str, in_memory: int) -> None:
    """What the command does, with another number of pairs in memory."""
    print(find_run_duplicates(out, memory=memory_budget(), in_memory=in_memory).words(), file=sys.stderr)


def measure_run(photos: int, in_memory: int | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        put_photos(Path(name) / "in", photos)
        run_sharded([f"file://{name}/in"], f"file://{name}/out", PhotoProcessing(Nothing), engine=Sketching())
        for which in ("first", "again"):
            command = [sys.executable, "-m", "packshot", "duplicates", f"file://{name}/out", "--json"]
            if in_memory is not None:
                command = [sys.executable, __file__, "--find", f"file://{name}/out", "--in-memory", str(in_memory)]
            with (Path(name) / "groups").open("wb") as out:
                # Waited for by its number: `resource` would tell the largest child of all.
                child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
                assert child.stderr is not None
                words = child.stderr.read().splitlines()[-1]
                used = os.wait4(child.pid, 0)[2]
            spent = (used.ru_utime + used.ru_stime) / photos * 1000
            print(f"| {photos:,} | {which} | {used.ru_maxrss / 1000:.0f} | {spent:.1f} | {words} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+")
    parser.add_argument("--run", action="store_true", help="the command over a finished run")
    parser.add_argument("--in-memory", type=int, help="pairs of numbers that a sort holds, not 2,000,000")
    parser.add_argument("--find", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.find:
        find(given.find, given.in_memory)
        return
    if given.run:
        print(
            "| photos | the command | memory at most, MB | processor ms a photo | what it says |\n|---|---|---|---|---|"
        )
        for photos in given.photos or [10_000, 30_000, 60_000]:
            measure_run(photos, given.in_memory)
        return
    asked = given.photos or [5_000, 20_000]
    if len(asked) == 1:
        measure(asked[0], given.in_memory or ROWS_IN_MEMORY)
        return
    for photos in asked:  # each in a process of its own, whose memory is its own
        more = [] if given.in_memory is None else ["--in-memory", str(given.in_memory)]
        subprocess.run([sys.executable, __file__, "--photos", str(photos), *more], check=True)


if __name__ == "__main__":
    main()
