"""Runs in shards over a bucket, with the quick pipeline: each photo once, whatever happens in between."""

from __future__ import annotations

import functools
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from batch_stub import StubPipeline
from packshot_tests.command import run as packshot
from packshot_tests.photos import save, soft
from pyarrow import parquet

from packshot.batch import PhotoProcessing, run_batch
from packshot.engines import Engine, InProcessEngine, ProcessEngine
from packshot.errors import OutputError, UsageError
from packshot.result import ProfileResult
from packshot.sharded import ShardedSummary, run_sharded
from packshot.storage.objects import ObjectFolder, open_folder
from packshot.values import RuleResult

NAMES = ["a.jpg", "b.jpg", "sub/a.jpg", "sub/c.jpg", "sub/deep/d.jpg", "é ü#.jpg", "z.jpg"]


@pytest.fixture(params=["bucket", "disk"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URI of an empty place."""
    return f"file://{tmp_path}/shop" if request.param == "disk" else str(request.getfixturevalue("bucket"))


def put(shop: str, tmp_path: Path, names: list[str], *, seed: int = 0) -> None:
    for number, name in enumerate(names):
        path = save(tmp_path / "local" / name, soft(seed + number, (64, 48)))
        open_folder(f"{shop}/photos").write(name, path.read_bytes())


def run(
    shop: str, *, engine: Engine | None = None, fingerprint: str = "f1", calls: Path | None = None, **options: Any
) -> ShardedSummary:
    make = functools.partial(StubPipeline, fingerprint=fingerprint, calls=None if calls is None else str(calls))
    chosen = engine or InProcessEngine()
    return run_sharded([f"{shop}/photos"], f"{shop}/out", PhotoProcessing(make), engine=chosen, shard_size=3, **options)


def manifest(shop: str) -> list[dict[str, Any]]:
    lines = open_folder(f"{shop}/out").read("manifest.jsonl")[0].splitlines()
    return [{key: value for key, value in json.loads(line).items() if key != "timings_ms"} for line in lines]


def results(shop: str) -> dict[str, bytes]:
    out = open_folder(f"{shop}/out")
    found = [each.path for each in out.list() if each.path.split("/")[0] in ("packshots", "cutouts", "masks")]
    return {path: out.read(path)[0] for path in found}


def work_done(calls: Path) -> int:
    return len(calls.read_text().splitlines()) if calls.exists() else 0


def test_a_bucket_gets_the_same_bytes_as_a_folder(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    summary = run(shop)
    local = tmp_path / "folder"
    run_batch([tmp_path / "local"], local, PhotoProcessing(StubPipeline))
    expected = {
        path.relative_to(local).as_posix(): path.read_bytes()
        for kind in ("packshots", "cutouts", "masks")
        for path in (local / kind).rglob("*.*")
    }
    assert results(shop) == expected
    rows = manifest(shop)
    assert [row["source"] for row in rows] == sorted(f"{shop}/photos/{name}" for name in NAMES)
    of_folder = [json.loads(line) for line in (local / "manifest.jsonl").read_text().splitlines()]
    for row, other in zip(rows, sorted(of_folder, key=lambda row: row["packshots"]["plain"]["file"]), strict=True):
        del other["timings_ms"]
        assert {**row, "source": other["source"]} == other
    assert (summary.made, summary.exit_code) == (len(NAMES), 0)
    table = parquet.read_table(io.BytesIO(open_folder(f"{shop}/out").read("manifest.parquet")[0])).to_pylist()
    assert [(row["source"], row["sha256"], row["status"]) for row in table] == [
        (row["source"], row["sha256"], row["status"]) for row in rows
    ]
    assert [dict(row["packshots"])["plain"] for row in table] == [row["packshots"]["plain"]["file"] for row in rows]


class RuleOfTomorrow(StubPipeline):
    """Its pictures break a rule that holds from a later day on."""

    def compose(self, *args: Any, **options: Any) -> dict[str, ProfileResult]:
        later = RuleResult("size", ok=False, measured=[64, 48], required=">= 500", since=date(2027, 1, 31))
        return {name: replace(made, upcoming=(later,)) for name, made in super().compose(*args, **options).items()}


def test_a_rule_that_holds_later_is_told_with_its_day(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES[:2])
    work = PhotoProcessing(RuleOfTomorrow)
    run_sharded([f"{shop}/photos"], f"{shop}/out", work, engine=InProcessEngine(), shard_size=1)
    upcoming = [rule for row in manifest(shop) for rule in row["packshots"]["plain"]["upcoming"]]
    assert [(rule["id"], rule["since"]) for rule in upcoming] == [("size", "2027-01-31")] * 2


def test_what_is_done_is_not_done_twice(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    calls = tmp_path / "calls"
    run(shop, calls=calls)
    before = manifest(shop)
    assert run(shop, calls=calls).made == 0
    assert work_done(calls) == len(NAMES)
    assert manifest(shop) == before


def test_new_changed_and_removed_photos_are_seen(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    run(shop)
    put(shop, tmp_path, ["b.jpg", "m.jpg", "0.jpg"], seed=50)
    open_folder(f"{shop}/photos").delete(["sub/a.jpg"])
    assert run(shop).made == 3
    there = sorted({*NAMES, "m.jpg", "0.jpg"} - {"sub/a.jpg"})
    rows = manifest(shop)
    assert [row["source"] for row in rows] == [f"{shop}/photos/{name}" for name in there]
    assert len({row["sha256"] for row in rows}) == len(there)
    put(shop, tmp_path, ["sub/a.jpg"], seed=90)  # it comes back
    assert run(shop).made == 1
    assert [row["source"] for row in manifest(shop)] == [
        f"{shop}/photos/{name}" for name in sorted([*there, "sub/a.jpg"])
    ]


def test_other_settings_make_everything_anew(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    run(shop, fingerprint="f1")
    assert run(shop, fingerprint="f2").made == len(NAMES)
    assert run(shop, fingerprint="f1").made == len(NAMES)  # what f1 had made was overwritten
    assert run(shop, fingerprint="f1").made == 0


class Stops:
    """An engine that is killed after some photos: nothing is said, nothing is cleaned up."""

    def __init__(self, after: int) -> None:
        self._after = after

    def run(self, tasks: Any, make_work: Any, *, stop_requested: Any) -> Iterator[Any]:
        for number, each in enumerate(InProcessEngine().run(tasks, make_work, stop_requested=stop_requested)):
            if number == self._after:
                raise KeyboardInterrupt
            yield each


@pytest.mark.parametrize("after", range(8))
def test_a_stopped_run_is_finished_by_repeating_it(bucket: str, tmp_path: Path, after: int) -> None:
    put(bucket, tmp_path, NAMES)
    with pytest.raises(KeyboardInterrupt) if after < len(NAMES) else pytest.raises(AssertionError):
        run(bucket, engine=Stops(after))
        raise AssertionError
    calls = tmp_path / "calls"
    run(bucket, calls=calls)
    assert work_done(calls) == max(0, len(NAMES) - after)
    assert [row["source"] for row in manifest(bucket)] == sorted(f"{bucket}/photos/{name}" for name in NAMES)


def test_a_poison_photo_becomes_a_row_and_is_set_aside(bucket: str, tmp_path: Path) -> None:
    put(bucket, tmp_path, ["crash.jpg", "good.jpg", "damaged.jpg"])
    open_folder(f"{bucket}/photos").write("empty.jpg", b"")
    engine = ProcessEngine(2)
    summary = run(bucket, engine=engine)
    assert summary.exit_code == 3
    errors = {row["source"].rpartition("/")[2]: (row["error"] or {}).get("code") for row in manifest(bucket)}
    assert errors == {
        "crash.jpg": "WorkerDied",
        "damaged.jpg": "DamagedPhoto",
        "empty.jpg": "EmptyFile",
        "good.jpg": None,
    }
    assert run(bucket, engine=ProcessEngine(2)).made == 1  # a second chance, the third and fourth try
    assert run(bucket, engine=ProcessEngine(2)).made == 0  # set aside
    tried = {row["source"].rpartition("/")[2]: row["error"]["attempts"] for row in manifest(bucket) if row["error"]}
    assert tried == {"crash.jpg": 4, "damaged.jpg": 1, "empty.jpg": 1}
    assert len(manifest(bucket)) == 4


def test_a_photo_that_goes_while_the_run_lasts_is_a_row(bucket: str, tmp_path: Path) -> None:
    put(bucket, tmp_path, NAMES)
    photos = open_folder(f"{bucket}/photos")
    summary = run(bucket, progress=lambda step: photos.delete(["z.jpg"]))
    assert summary.merged is not None
    assert summary.merged.failed == 1
    assert manifest(bucket)[-2]["error"]["code"] == "UnreadablePhoto"


def test_two_drivers_on_one_output_are_kept_apart(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    met: list[str] = []

    def second(_: object) -> None:
        if not met:
            with pytest.raises(OutputError, match="another run is writing to"):
                run(shop)
            met.append("refused")

    run(shop, progress=second)
    assert met
    assert len(manifest(shop)) == len(NAMES)


def test_nothing_but_photos_counts(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, ["a.jpg"])
    photos = open_folder(f"{shop}/photos")
    photos.write("list.csv", b"x")
    photos.write(".hidden/b.jpg", b"x")
    photos.write("nosuffix", (tmp_path / "local" / "a.jpg").read_bytes())
    summary = run(shop)
    assert [row["source"] for row in manifest(shop)] == [f"{shop}/photos/a.jpg", f"{shop}/photos/nosuffix"]
    assert summary.passed_over == ("passed over 1 object whose name ends in .csv",)


def test_a_table_names_photos_anywhere(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    asked = [f"{shop}/photos/z.jpg", f"{shop}/photos/sub/c.jpg", f"{shop}/photos/missing.jpg"]
    open_folder(f"{shop}/lists").write("new.csv", ("photo,sku\n" + "".join(f"{uri},1\n" for uri in asked)).encode())
    table = f"{shop}/lists/new.csv"
    with pytest.raises(UsageError, match="has no column source, but photo, sku"):
        run_sharded([table], f"{shop}/out", PhotoProcessing(StubPipeline), engine=InProcessEngine())
    summary = run_sharded([f"{table}:photo"], f"{shop}/out", PhotoProcessing(StubPipeline), engine=InProcessEngine())
    assert [row["source"] for row in manifest(shop)] == sorted(asked)
    assert summary.merged is not None
    assert summary.merged.failed == 1


def test_an_output_folder_of_something_else_is_left_alone(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    open_folder(f"{shop}/out").write("mine.txt", b"x")
    with pytest.raises(UsageError, match=r"already holds mine\.txt"):
        run(shop)
    assert [each.path for each in open_folder(f"{shop}/out").list()] == ["mine.txt"]


def test_an_output_folder_of_other_sources_is_refused(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    run(shop)
    with pytest.raises(UsageError, match="holds the run of"):
        run_sharded([f"{shop}/photos/sub"], f"{shop}/out", PhotoProcessing(StubPipeline), engine=InProcessEngine())


def test_an_empty_place_is_told(shop: str) -> None:
    with pytest.raises(UsageError, match="no photos found in"):
        run(shop)
    left: ObjectFolder = open_folder(f"{shop}/out")
    assert list(left.list(".packshot")) == []


def test_a_changed_row_file_is_told(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, NAMES)
    run(shop)
    out = open_folder(f"{shop}/out")
    name = next(each.path for each in out.list(".packshot/rows"))
    out.write(name, b"not mine\n")
    with pytest.raises(UsageError, match="was changed by something else than packshot"):
        run(shop)


def test_the_report_has_pages_that_link_to_what_is_there(shop: str, tmp_path: Path) -> None:
    put(shop, tmp_path, ["a.jpg", "unsure <b>.jpg", "damaged.jpg"])
    run(shop)
    out = open_folder(f"{shop}/out")
    index = out.read("report.html")[0].decode()
    assert "3 photos" in index
    assert "DamagedPhoto: 1 photo<" in index
    assert "mask: 1 photo<" in index
    duplicates, address = re.findall(r'href="(report/[^"]+)"', index)
    assert "not looked for" in out.read(duplicates)[0].decode()
    page = out.read(address)[0].decode()
    assert "unsure &lt;b&gt;.jpg" in page
    assert "<b>.jpg" not in page
    there = {each.path for each in out.list(".packshot/thumbnails")}
    shown = {unquote(found) for found in re.findall(r'src="\.\./([^"]+)"', page)}
    assert len(shown) == 4  # two photos before and after; of the damaged one nothing was decoded
    assert shown <= there


def test_decisions_on_a_run_in_shards_count_and_how_they_are_applied_is_told(tmp_path: Path) -> None:
    put(f"file://{tmp_path}", tmp_path, NAMES[:2])
    run(f"file://{tmp_path}")
    out = tmp_path / "out"
    approved = packshot("review", "reject", out, "a.jpg", "--reason", "blurred")
    assert approved.code == 0, approved.err
    sent = packshot("deliver", out, "--to", f"folder:{tmp_path}/there", "--json")
    held = {row["source"].rpartition("/")[2]: row["reasons"] for row in sent.lines if row["status"] == "held"}
    assert "rejected" in " ".join(held["a.jpg"])
    applied = packshot("review", "apply", out)
    assert applied.code == 2
    assert "was made in shards, of which it is not known how: repeat the `packshot run` that wrote it" in applied.err
