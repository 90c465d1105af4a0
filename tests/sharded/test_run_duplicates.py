"""Duplicates over all shards of a run: the groups of the same folder at once, from what the rows keep."""

from __future__ import annotations

import functools
import io
import json
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from batch_stub import StubPipeline
from packshot_tests.command import exit_code as packshot
from PIL import Image
from pyarrow import parquet
from skimage import data

from packshot.batch import PhotoProcessing
from packshot.engines import InProcessEngine
from packshot.errors import UsageError
from packshot.sharded import run_sharded
from packshot.sharded.duplicates import DuplicatesSummary, find_run_duplicates
from packshot.storage.objects import open_folder


def pictures() -> dict[str, Image.Image]:
    """Copies of four photographs, and two that have none; shards of three cut through the groups."""
    cup, cat, eileen, rocket = (
        Image.fromarray(each()) for each in (data.coffee, data.chelsea, data.astronaut, data.rocket)
    )
    return {
        "a/cat.png": cat,
        "a/cup.png": cup,
        "b/cup.png": cup.resize((300, 200)),
        "b/eileen.png": eileen,
        "c/cup.png": cup,
        "c/rocket.png": rocket,
        "d/cat.png": cat.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "d/eileen.png": eileen.crop((40, 40, 480, 500)),
        "e/cup.png": Image.fromarray(np.ascontiguousarray(np.asarray(cup)[::-1])),
        "e/noise.png": Image.fromarray(np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)),
        "f/cat.png": cat,
    }


@pytest.fixture(params=["disk", "bucket"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    place = f"file://{tmp_path}/shop" if request.param == "disk" else str(request.getfixturevalue("bucket"))
    put(place, tmp_path / "local", pictures())
    return place


def put(shop: str, local: Path, some: dict[str, Image.Image]) -> None:
    for name, picture in some.items():
        (local / name).parent.mkdir(parents=True, exist_ok=True)
        picture.save(local / name)
        open_folder(f"{shop}/photos").write(name, (local / name).read_bytes())


def run(shop: str) -> None:
    make = functools.partial(StubPipeline, fingerprint="f1")
    run_sharded([f"{shop}/photos"], f"{shop}/out", PhotoProcessing(make), engine=InProcessEngine(), shard_size=3)


def search(shop: str, **options: Any) -> tuple[list[dict[str, Any]], DuplicatesSummary]:
    found: list[dict[str, Any]] = []
    summary = find_run_duplicates(f"{shop}/out", found=found.append, **options)
    return found, summary


def test_the_groups_are_those_of_the_folder_at_once(shop: str, tmp_path: Path, capsys) -> None:
    run(shop)
    assert packshot("duplicates", tmp_path / "local", "--json") == 0
    expected = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for row in expected:
        row["members"] = [
            f"{shop}/photos/{Path(name).relative_to(tmp_path / 'local').as_posix()}" for name in row["members"]
        ]
        row["best"], row["skus"] = row["members"][0], [None] * len(row["members"])
    assert [len(row["members"]) for row in expected] == [3, 4, 2]
    assert packshot("duplicates", f"{shop}/out", "--json") == 0
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == expected
    assert "11 photos, 3 groups, 6 copies beside the best" in err
    folder = open_folder(f"{shop}/out")
    assert [json.loads(line) for line in folder.read("duplicates.jsonl")[0].splitlines()] == expected
    assert parquet.read_table(io.BytesIO(folder.read("duplicates.parquet")[0])).to_pylist() == expected


def test_memory_of_any_size_finds_the_same(shop: str) -> None:
    run(shop)
    assert search(shop, in_memory=500)[0] == search(shop)[0]


def test_the_report_shows_them_and_says_before_how_they_are_found(shop: str) -> None:
    run(shop)
    folder = open_folder(f"{shop}/out")
    assert 'href="report/duplicates.html"' in folder.read("report.html")[0].decode()
    assert f"packshot duplicates {shop}/out" in folder.read("report/duplicates.html")[0].decode()
    search(shop)
    assert "3 groups of duplicates" in folder.read("report/duplicates.html")[0].decode()
    page = folder.read("report/duplicates-000001.html")[0].decode()
    for name in ("a/cup.png", "e/cup.png", "d/eileen.png"):
        assert f"{shop}/photos/{name}" in page
    assert "c/rocket.png" not in page
    run(shop)  # the same photos again: what was found stays
    assert "3 groups of duplicates" in folder.read("report/duplicates.html")[0].decode()


def test_no_pair_is_verified_twice_and_new_photos_come_in(shop: str, tmp_path: Path) -> None:
    run(shop)
    first, summary = search(shop)
    assert summary.verified > 0
    again, repeated = search(shop)
    assert (repeated.verified, repeated.known) == (0, summary.verified)
    assert again == first
    put(shop, tmp_path / "local", {"g/rocket.png": Image.fromarray(data.rocket()).resize((320, 213))})
    run(shop)
    rows, more = search(shop)
    assert more.known == summary.verified
    assert [len(row["members"]) for row in rows] == [3, 4, 2, 2]


def test_a_search_that_is_stopped_goes_on_where_it_was(shop: str) -> None:
    run(shop)
    pairs = []

    def stop() -> None:
        pairs.append(1)
        if len(pairs) == 2:
            signal.raise_signal(signal.SIGINT)

    rows, stopped = search(shop, progress=stop)
    assert (rows, stopped.exit_code) == ([], 128 + signal.SIGINT)
    assert stopped.verified >= 2
    assert "repeat the command" in stopped.words()
    rows, summary = search(shop)
    assert summary.known == stopped.verified
    assert [len(row["members"]) for row in rows] == [3, 4, 2]


def test_copies_of_the_same_pixels_need_no_photo_and_the_others_tell_when_one_is_gone(shop: str, capsys) -> None:
    run(shop)
    photos = open_folder(f"{shop}/photos")
    photos.delete([each.path for each in photos.list()])
    assert packshot("duplicates", f"{shop}/out", "--json") == 3
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    groups = [[name.removeprefix(f"{shop}/photos/") for name in row["members"]] for row in rows if "group" in row]
    assert groups == [["a/cat.png", "f/cat.png"], ["a/cup.png", "c/cup.png"]]
    assert f"{shop}/photos/d/cat.png" in {row["source"] for row in rows if "error" in row}
    assert "could not be verified" in err


def test_rows_that_an_earlier_packshot_wrote_are_read_again(shop: str) -> None:
    run(shop)
    expected, _ = search(shop)
    out = open_folder(f"{shop}/out")
    for found in list(out.list(".packshot/rows")):
        rows = [json.loads(line) for line in out.read(found.path)[0].splitlines()]
        lines = [json.dumps({key: value for key, value in row.items() if key != "sketch"}) for row in rows]
        out.write(found.path, "\n".join(lines).encode())
    assert search(shop)[0] == expected


def test_what_is_no_finished_run_is_told_and_left_alone(tmp_path: Path, capsys) -> None:
    with pytest.raises(UsageError, match=r"holds no run in shards.*packshot run"):
        find_run_duplicates(f"file://{tmp_path}/nothing")
    assert list(tmp_path.iterdir()) == []
    assert packshot("duplicates", f"file://{tmp_path}/a", f"file://{tmp_path}/b") == 2
    assert packshot("duplicates", f"file://{tmp_path}/a", "--sheet", tmp_path / "a.html") == 2
    assert "report/duplicates.html" in capsys.readouterr().err
