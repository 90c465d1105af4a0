"""Memory of a worker process, and of its driver, over many photos of one run in shards.

python benchmarks/worker_memory.py                           3,000 photos through the whole flow, one worker
python benchmarks/worker_memory.py --light --photos 30000    without networks
python benchmarks/worker_memory.py --decode --photos 100000  rows of photos that are decoded, and no more
python benchmarks/worker_memory.py --engine ray              the same in a Ray actor

Photos are drawn, from 96 to 384 pixels (`--light`, `--decode`: 24 to 48). The run is `run_sharded` with worker
processes, as `packshot run` starts them; the largest one is shown. `--light` leaves out what takes networks (frame,
overlay, description, and the mask, which is a threshold); all else is the product's own: reading, decoding, cut-out,
inspection, composition, encoding, sketch, row, and the way through the pipe. `--decode` reads, decodes and gives each
photo up ("nothing to cut out"): rows and pipe alone. Outputs are deleted behind the run, so that the disk holds some
hundred. Memory is resident and, without pages of files, anonymous (RssAnon): the latter is what a leak would add to.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from packshot.batch import PhotoProcessing
from packshot.batch.pipeline import make_pipeline, photo_processing
from packshot.batch.summary import Progress
from packshot.cutout import cut_out
from packshot.engines import Engine, ProcessEngine, ray_engine
from packshot.errors import NothingToCutOut
from packshot.marketplace import load_typed_profiles
from packshot.pipeline import Pipeline
from packshot.result import Result
from packshot.settings import Settings
from packshot.sharded import run_sharded
from packshot.values import Mask, Status

DIFFERENT = 2000  # pictures; further photos are links to them
KEPT = 300  # photos whose outputs are on the disk
FIRST_MARKS = (10, 30, 100, 300)


class LightPipeline:
    """The whole flow without its networks: the product is what is darker than the background."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.fingerprint, self.cutout_fingerprint = pipeline.fingerprint, pipeline.cutout_fingerprint
        self.profiles, self.fingerprint_of = pipeline.profiles, pipeline.fingerprint_of

    def run(self, source: Any, *, name: str | None = None, **_: Any) -> Result:
        """See `Pipeline.run`."""
        photo = self._pipeline.photo(source, name=name or str(source))
        dark = photo.rgb.mean(axis=2, dtype=np.float32) < 180
        mask = Mask(dark.astype(np.float32), 0.0, "threshold@0")
        cutout = cut_out(photo, mask)
        return Result(
            source=name or str(source), status=Status.OK, sha256=photo.sha256, photo=photo, picture=photo, mask=mask,
            cutout=cutout, findings=self._pipeline.inspection(photo, mask), packshots=self._pipeline.compose(cutout),
        )  # fmt: skip


class DecodingPipeline(LightPipeline):
    """Decodes a photo, and finds nothing in it."""

    def run(self, source: Any, *, name: str | None = None, **_: Any) -> Result:
        """See `Pipeline.run`."""
        photo = self._pipeline.photo(source, name=name or str(source))
        error = NothingToCutOut("nothing was looked for", remedy="leave --decode out")
        return Result(source=name or str(source), status=Status.FAILED, error=error, sha256=photo.sha256, photo=photo)


def decoding_pipeline() -> DecodingPipeline:
    return DecodingPipeline(make_pipeline(Settings(threads=1)))


def light_pipeline() -> LightPipeline:
    return LightPipeline(make_pipeline(Settings(threads=1)))


def drawn(seed: int, sides: tuple[int, int]) -> Image.Image:
    """A dark disk with some noise on a light background; another one, of another size, for each seed."""
    chance = np.random.default_rng(seed)
    width, height = chance.integers(*sides, 2)
    y, x = np.mgrid[:height, :width]
    disk = (x / width - chance.uniform(0.4, 0.6)) ** 2 + (y / height - 0.5) ** 2 < chance.uniform(0.04, 0.1)
    colours = chance.integers(20, 120, 3) + chance.integers(0, 30, (height, width, 3))
    return Image.fromarray(np.where(disk[..., None], colours, 235).astype(np.uint8))


def put_photos(folder: Path, count: int, sides: tuple[int, int]) -> None:
    different: list[Path] = []
    for number in range(count):
        path = folder / f"{number // 1000:04}" / f"{number:08}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number < DIFFERENT:
            drawn(number, sides).save(path, quality=90)
            different.append(path)
        else:
            path.hardlink_to(different[number % DIFFERENT])


def memory_mb(process: psutil.Process) -> tuple[float, float]:
    """Resident, and the anonymous part of it."""
    with contextlib.suppress(OSError, psutil.Error):
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
        return tuple(int(lines[name].split()[0]) / 1000 for name in ("VmRSS", "RssAnon"))
    return 0.0, 0.0


def worker() -> psutil.Process:
    """The largest process below this one."""
    return max(psutil.Process().children(recursive=True), key=lambda each: memory_mb(each)[0])


class Watch:
    """Prints the memory at some photos, and deletes what was written a while ago."""

    def __init__(self, photos: int, out: Path) -> None:
        tenths = (photos * tenth // 10 for tenth in range(1, 11))
        self._marks = {*(mark for mark in FIRST_MARKS if mark < photos), *tenths}
        self._look = max(1, photos // 500)
        self._out, self._recent = out, collections.deque[list[str]]()
        self._peaks = [0.0, 0.0]

    def __call__(self, done: Progress) -> None:
        """A photo is done."""
        record = done.record
        files = [record.mask, record.cutout, *(each.file for each in record.packshots.values())]
        self._recent.append([*filter(None, files), *record.heatmaps])
        if len(self._recent) > KEPT:
            for file in self._recent.popleft():
                (self._out / file).unlink(missing_ok=True)
        if done.done % self._look == 0:
            self._peaks = [max(pair) for pair in zip(self._peaks, memory_mb(worker()), strict=True)]
        if done.done in self._marks:
            mine, cpu = memory_mb(psutil.Process()), sum(worker().cpu_times()[:2])
            cells = [*memory_mb(worker()), *self._peaks, *mine]
            figures = [f"{done.done:,}", *(f"{cell:.0f}" for cell in cells), f"{1000 * cpu / done.done:.1f}"]
            print(f"| {' | '.join(figures)} |", flush=True)
            self._peaks = [0.0, 0.0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=3000)
    parser.add_argument("--light", action="store_true")
    parser.add_argument("--decode", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--engine", choices=["processes", "ray"], default="processes")
    asked = parser.parse_args()
    engine: Engine = (
        ProcessEngine(asked.jobs) if asked.engine == "processes" else ray_engine(None, asked.jobs, time_limit_s=300)
    )
    with tempfile.TemporaryDirectory() as name:
        put_photos(Path(name) / "in", asked.photos, (24, 48) if asked.light or asked.decode else (96, 384))
        flow = photo_processing(Settings(threads=1), load_typed_profiles(("amazon",)), None, date.today())
        if asked.light or asked.decode:
            flow = PhotoProcessing(light_pipeline if asked.light else decoding_pipeline)
        print("| photos | worker, MB | of which anonymous | most since the row above | of which anonymous ", end="")
        print("| driver, MB | of which anonymous | worker's processor ms a photo |\n|---|---|---|---|---|---|---|---|")
        watch = Watch(asked.photos, Path(name) / "out")
        summary = run_sharded([f"file://{name}/in"], f"file://{name}/out", flow, engine=engine, progress=watch)
        assert summary.merged is not None
        print(f"{summary.merged.statuses} of {asked.photos:,} photos", file=sys.stderr)


if __name__ == "__main__":
    main()
