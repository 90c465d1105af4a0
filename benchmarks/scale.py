"""Runs in shards: listing, resuming, memory, random kills, and Ray beside worker processes.

python benchmarks/scale.py listing [--keys 1000000]       a paged stub of S3 is listed; memory of the reader
python benchmarks/scale.py rows [--photos 100000]         rows of photos that take no work; memory of the driver
python benchmarks/scale.py resume [--photos 20000]        all but 1,000 are done: seconds to the first new photo
python benchmarks/scale.py kills [--kills 20]             the command killed at random, compared with an undisturbed one
python benchmarks/scale.py engines [--photos 60]          the same photos by worker processes and by Ray

Photos are drawn. Times by the clock say how busy the machine was; the processor's do not.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.server
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from packshot.batch import PhotoProcessing
from packshot.batch.pipeline import photo_processing
from packshot.engines import Done, ProcessEngine, ray_engine
from packshot.marketplace import load_typed_profiles
from packshot.records import Record
from packshot.settings import Settings
from packshot.sharded import run_sharded
from packshot.sharded.entries import Row
from packshot.sharded.sources import PassedOverKeys, photos_of
from packshot.storage.objects import open_folder

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/support"))

from packshot_tests.killing import kill_amid_work

SHARES = (0.1, 0.5, 1.0)


def rss_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


class Listing(http.server.BaseHTTPRequestHandler):
    """ListObjectsV2 of keys that are numbers; nothing else."""

    protocol_version = "HTTP/1.1"
    keys = 0

    def do_GET(self) -> None:
        """A page of keys."""
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        start = int(query.get("continuation-token", ["0"])[0])
        end = min(start + 1000, self.keys)
        body = ['<?xml version="1.0"?><ListBucketResult>']
        body += [
            f"<Contents><Key>photos/{number:09}.jpg</Key><LastModified>2026-11-29T00:00:00.000Z</LastModified>"
            f'<ETag>"{number:032x}"</ETag><Size>50000</Size></Contents>'
            for number in range(start, end)
        ]
        more = end < self.keys
        body.append(f"<IsTruncated>{str(more).lower()}</IsTruncated>")
        body.append(f"<NextContinuationToken>{end}</NextContinuationToken>" * more + "</ListBucketResult>")
        data = "".join(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def serve_listing(keys: int) -> None:
    """In a process of its own: its memory is not the reader's."""
    Listing.keys = keys
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listing)
    print(server.server_port, flush=True)
    server.serve_forever()


def listing(keys: int) -> None:
    command = [sys.executable, __file__, "serve", "--keys", str(keys)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        os.environ |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{int(server.stdout.readline())}",
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
        }
        marks = {max(1, round(keys * share)) for share in SHARES}
        started, spent = time.perf_counter(), time.process_time()
        found = 0
        for _ in photos_of(["s3://bucket/photos"], PassedOverKeys()):
            found += 1
            if found in marks:
                print(f"{found:>10,} keys: {rss_mb():7.1f} MB")
        seconds, work = time.perf_counter() - started, time.process_time() - spent
        print(f"{found:,} of {keys:,} keys, {seconds:.1f} s, {work / found * 1e6:.1f} s of processor a million")
        server.kill()


@dataclass(frozen=True)
class Nothing:
    """A pipeline for photos that take no work."""

    fingerprint: str = "nothing"


class Quick:
    """An engine that says each photo is done, and stops after some."""

    def __init__(self, stop_after: int = sys.maxsize, see: Callable[[int], None] = lambda _: None) -> None:
        self._stop_after, self._see = stop_after, see

    def run(self, tasks: Iterable[Any], make_work: Any, *, stop_requested: Any) -> Generator[Any, None, None]:
        """See `packshot.engines.Engine.run`."""
        for number, task in enumerate(tasks):
            if number == self._stop_after:
                raise KeyboardInterrupt
            self._see(number)
            record = Record(source=task.entry.source, status="ok", sha256="0" * 64, size=(64, 64))
            yield Done(task, Row(task.entry.source, task.stem, record, {}, 1, task.entry.etag))


def empty_photos(folder: Path, count: int, data: bytes = b"x") -> None:
    for number in range(count):
        path = folder / f"{number // 1000:04}" / f"{number:08}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def rows(photos: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        empty_photos(Path(name) / "in", photos)
        marks = {max(1, round(photos * share)) - 1 for share in SHARES}

        def see(number: int) -> None:
            if number in marks:
                print(f"{number + 1:>10,} rows: {rss_mb():7.1f} MB")

        spent = time.process_time()
        summary = run_sharded(
            [f"file://{name}/in"], f"file://{name}/out", PhotoProcessing(Nothing), engine=Quick(see=see)
        )
        assert summary.merged is not None
        work = time.process_time() - spent
        print(f"merged {summary.merged.photos:,}: {rss_mb():7.1f} MB, {work / photos * 1e3:.2f} ms of processor a row")


def drawn(seed: int, side: int = 160) -> Image.Image:
    """A dark disk on a light background, another one for each seed."""
    chance = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] / side
    disk = (x - chance.uniform(0.4, 0.6)) ** 2 + (y - chance.uniform(0.4, 0.6)) ** 2 < chance.uniform(0.05, 0.1)
    pixels = np.where(disk[..., None], chance.integers(20, 120, 3), 235).astype(np.uint8)
    return Image.fromarray(pixels)


def command(out: str, source: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "packshot", "run", source, "-o", out, "--profile", "amazon", *more]


def amazon(**settings: int) -> PhotoProcessing:
    """How photos are processed by the command that `command` gives."""
    return photo_processing(Settings(**settings), load_typed_profiles(("amazon",)), None, date.today())


def resume(photos: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        drawn(0).save(f"{name}/one.jpg")
        empty_photos(Path(name) / "in", photos, Path(f"{name}/one.jpg").read_bytes())
        source, out = f"file://{name}/in", f"file://{name}/out"
        # The plan is kept under the key of the real pipeline, so that the command goes on with it.
        with contextlib.suppress(KeyboardInterrupt):
            run_sharded([source], out, amazon(), engine=Quick(photos - 1000))
        started = time.perf_counter()
        with subprocess.Popen(
            command(out, source, "--json", "--jobs", "1"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            first = json.loads(process.stdout.readline())["source"].rpartition("/")[2]
            seconds, work = time.perf_counter() - started, sum(psutil.Process(process.pid).cpu_times()[:2])
            process.send_signal(signal.SIGINT)
            process.stdout.read()
        print(f"{photos:,} photos, {photos - 1000:,} done: {first} after {seconds:.1f} s, {work:.1f} s of processor")
        before, started = children_s(), time.perf_counter()
        subprocess.run([*command(f"{name}/bare", f"{name}/one.jpg"), "--jobs", "1"], capture_output=True, check=False)
        seconds, work = time.perf_counter() - started, children_s() - before
        print(f"`packshot run` on one photo, to compare: {seconds:.1f} s, {work:.1f} s of processor")


def children_s() -> float:
    """Processor time of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def contents(out: str) -> dict[str, str]:
    folder = open_folder(out)
    found = {
        each.path: hashlib.sha256(folder.read(each.path)[0]).hexdigest()
        for each in folder.list()
        if each.path.split("/")[0] in ("packshots", "cutouts", "masks", "heatmaps")
    }
    lines = [json.loads(line) for line in folder.read("manifest.jsonl")[0].splitlines()]
    for line in lines:
        line.pop("timings_ms")
    return found | {"manifest": json.dumps(lines)}


def kills(count: int, photos: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "in").mkdir()
        for number in range(photos):
            drawn(number).save(f"{name}/in/{number:04}.jpg")
        source, quiet = f"file://{name}/in", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command(f"file://{name}/whole", source, "--jobs", "2"), check=False, **quiet)
        chance, killed = random.Random(7), 0
        masks = Path(name) / "out" / "masks"
        for attempt in range(count):
            process = subprocess.Popen(
                command(f"file://{name}/out", source, "--jobs", "2"), start_new_session=True, **quiet
            )
            killed += kill_amid_work(process, lambda: len(list(masks.glob("*"))), chance, within_s=0.5)
            print(f"  kill {attempt + 1}: {len(list(masks.glob('*')))} masks", flush=True)
        subprocess.run(command(f"file://{name}/out", source, "--jobs", "2"), check=False, **quiet)
        whole, out = contents(f"file://{name}/whole"), contents(f"file://{name}/out")
        lines = [line["source"] for line in json.loads(out["manifest"])]
        lost, doubled = photos - len(set(lines)), len(lines) - len(set(lines))
        same = "the same bytes" if whole == out else "OTHER BYTES"
        print(f"{killed} kills over {photos} photos: {lost} lost, {doubled} doubled, {same}")


def engines(photos: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "in").mkdir()
        for number in range(photos):
            drawn(number, 600).save(f"{name}/in/{number:04}.jpg")
        for engine in ("processes", "ray"):
            chosen = ProcessEngine(2) if engine == "processes" else ray_engine(None, 2, time_limit_s=300)
            ends: list[float] = []

            def progress(_: object, ends: list[float] = ends) -> None:
                ends.append(time.perf_counter())

            started = time.perf_counter()
            run_sharded(
                [f"file://{name}/in"],
                f"file://{name}/{engine}",
                amazon(threads=1),
                engine=chosen,
                progress=progress,
            )
            rate = (len(ends) - 10) / (ends[-1] - ends[9])
            print(f"{engine:>10}: first photo after {ends[0] - started:.1f} s, then {rate:.2f} photos/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["listing", "rows", "resume", "kills", "engines", "serve", "all"], nargs="?")
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--photos", type=int)
    parser.add_argument("--kills", type=int, default=20)
    given = parser.parse_args()
    what = given.what or "all"
    if what == "serve":
        serve_listing(given.keys)
    for name, do in {
        "listing": lambda: listing(given.keys),
        "rows": lambda: rows(given.photos or 100_000),
        "resume": lambda: resume(given.photos or 20_000),
        "kills": lambda: kills(given.kills, given.photos or 60),
        "engines": lambda: engines(given.photos or 60),
    }.items():
        if what in (name, "all"):
            print(f"-- {name}", flush=True)
            do()


if __name__ == "__main__":
    main()
