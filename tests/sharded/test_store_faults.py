"""Runs in shards on a store that throttles, breaks, loses answers and lags: each photo once, the same bytes."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from batch_stub import StubPipeline
from packshot_tests.faulty_server import Fault, FaultyServer, held, in_turn, undisturbed
from packshot_tests.photos import save, soft

from packshot.batch import PhotoProcessing
from packshot.engines import Engine, InProcessEngine, ProcessEngine
from packshot.errors import AccessDenied
from packshot.records import Record, read_record
from packshot.sharded import ShardedSummary, run_sharded
from packshot.storage.objects import open_folder

NAMES = [f"{folder}/{number}.jpg" for folder in "ab" for number in range(4)]
#: What passes, in the order in which it comes.
PASSING = (Fault.SLOW_DOWN, Fault.DONE_AND_BROKEN, Fault.TOO_MANY, Fault.CUT, Fault.BROKEN, Fault.DONE_AND_CUT)


@pytest.fixture
def shop(bucket: str, faulty_store: FaultyServer, tmp_path: Path) -> str:
    """Photos in a bucket, and an undisturbed run of them in its folder ``whole``."""
    for number, name in enumerate(NAMES):
        path = save(tmp_path / name, soft(number, (64, 48)))
        open_folder(f"{bucket}/photos").write(name, path.read_bytes())
    run(bucket, "whole", engine=InProcessEngine())
    return bucket


def run(shop: str, out: str, *, engine: Engine, calls: Path | None = None) -> ShardedSummary:
    make = functools.partial(StubPipeline, calls=None if calls is None else str(calls))
    return run_sharded([f"{shop}/photos"], f"{shop}/{out}", PhotoProcessing(make), engine=engine, shard_size=3)


def manifest(shop: str, out: str) -> list[Record]:
    lines = open_folder(f"{shop}/{out}").read("manifest.jsonl")[0].splitlines()
    return [read_record(json.loads(line)).model_copy(update={"timings_ms": {}}) for line in lines]


def results(shop: str, out: str) -> dict[str, bytes]:
    folder = open_folder(f"{shop}/{out}")
    kinds = ("packshots", "cutouts", "masks")
    return {each.path: folder.read(each.path)[0] for kind in kinds for each in folder.list(kind)}


def assert_as_undisturbed(shop: str, out: str) -> None:
    records = manifest(shop, out)
    assert [record.source for record in records] == [f"{shop}/photos/{name}" for name in NAMES]
    assert records == manifest(shop, "whole")
    assert results(shop, out) == results(shop, "whole")


def test_every_third_request_that_fails_changes_nothing(shop: str, faulty_store: FaultyServer, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    faulty_store.choose = in_turn(3, *PASSING)
    summary = run(shop, "out", engine=ProcessEngine(2), calls=calls)
    faulty_store.choose = undisturbed
    assert summary.exit_code == 0
    assert min(faulty_store.met[fault] for fault in PASSING) >= 3
    assert sorted(calls.read_text().split()) == sorted(name.rpartition("/")[2] for name in NAMES)
    assert_as_undisturbed(shop, "out")


def test_a_straggler_is_waited_for(shop: str, faulty_store: FaultyServer, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    faulty_store.choose = held("photos/a/1.jpg", 2.0)
    run(shop, "out", engine=ProcessEngine(2), calls=calls)
    assert len(calls.read_text().split()) == len(NAMES)
    assert_as_undisturbed(shop, "out")


def test_a_straggler_beyond_the_time_limit_is_done_by_the_next_command(shop: str, faulty_store: FaultyServer) -> None:
    faulty_store.choose = held("photos/a/1.jpg", 60.0)  # its worker is ended before
    first = run(shop, "out", engine=ProcessEngine(2, time_limit_s=8.0))
    assert (first.exit_code, first.made) == (3, len(NAMES))
    failed = {record.source: record.error.code for record in manifest(shop, "out") if record.error is not None}
    assert failed == {f"{shop}/photos/a/1.jpg": "TimeLimitExceeded"}
    second = run(shop, "out", engine=InProcessEngine())
    assert (second.exit_code, second.made) == (0, 1)
    assert_as_undisturbed(shop, "out")


def test_credentials_that_expire_end_the_run_and_lose_nothing(
    shop: str, faulty_store: FaultyServer, tmp_path: Path
) -> None:
    calls = tmp_path / "calls"
    faulty_store.choose = lambda method, path: Fault.EXPIRED if "masks/b/0" in path else None
    with pytest.raises(AccessDenied, match=r"masks/b/0.*the store refused"):
        run(shop, "out", engine=InProcessEngine(), calls=calls)
    faulty_store.choose = undisturbed
    assert run(shop, "out", engine=InProcessEngine(), calls=calls).exit_code == 0
    assert len(calls.read_text().split()) == len(NAMES) + 1  # the one whose mask was refused
    assert_as_undisturbed(shop, "out")


def test_an_upload_in_pieces_whose_end_is_not_answered_is_whole(bucket: str, faulty_store: FaultyServer) -> None:
    faulty_store.choose = lambda method, path: (
        Fault.DONE_AND_BROKEN if method == "POST" and "uploadId" in path and not faulty_store.met else None
    )
    pieces = [bytes([number]) * 1_000_000 for number in range(20)]
    open_folder(bucket).write_stream("manifest", iter(pieces))
    assert faulty_store.met[Fault.DONE_AND_BROKEN] == 1
    assert open_folder(bucket).read("manifest")[0] == b"".join(pieces)
