"""A worker process, and the driver of a run in shards, take no more memory after many photos than after a few."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from batch_stub import StubPipeline
from packshot_tests.photos import save, soft

from packshot.batch import PhotoProcessing
from packshot.engines import ProcessEngine
from packshot.sharded import run_sharded

FEW, MANY = 60, 960  # so many that what the C library keeps and gives back again, some megabytes, says nothing
MOST = 10_000  # bytes a photo, which has 24,000 pixel values or more


def anonymous_bytes(pid: int) -> int:
    """What a process holds but pages of files: heaps, of Python and of every library."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_photos(tmp_path: Path) -> None:
    for number in range(MANY + 20):
        save(tmp_path / f"in/{number:04}.jpg", soft(number, (100 + number % 30, 80 + number % 20)))
    seen: dict[int, tuple[int, int]] = {}
    others = {child.pid for child in multiprocessing.active_children()}

    def see(done: int) -> None:
        if done in {FEW, MANY}:
            (worker,) = {child.pid for child in multiprocessing.active_children()} - others
            seen[done] = anonymous_bytes(worker), anonymous_bytes(os.getpid())

    run_sharded(
        [tmp_path / "in"],
        tmp_path / "out",
        PhotoProcessing(StubPipeline),
        engine=ProcessEngine(1),
        progress=lambda progress: see(progress.done),
        shard_size=FEW,  # so that as many rows are held each time
    )
    of_worker, of_driver = (after - before for before, after in zip(seen[FEW], seen[MANY], strict=True))
    assert of_worker < MOST * (MANY - FEW)
    assert of_driver < MOST * (MANY - FEW)
