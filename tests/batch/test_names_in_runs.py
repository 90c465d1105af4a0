"""Names, SKUs, orphans and the trash, as a run has them."""

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_stub import StubPipeline

from packshot.batch import Naming, PhotoProcessing, RunOptions, Summary, read_manifest, run_batch
from packshot.batch.words import left_over_lines
from packshot.errors import UsageError

Tree = Callable[[Path], dict[str, bytes]]
Save = Callable[..., Path]


def run(source: Path, out: Path, *profiles: str, calls: Path | None = None, **options: Any) -> Summary:
    names = profiles or ("plain",)
    make = functools.partial(StubPipeline, calls=None if calls is None else str(calls), profiles=names)
    return run_batch([source], out, PhotoProcessing(make, names), options=RunOptions(**options))


def files(out: Path) -> set[str]:
    found = (path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return {path for path in found if not path.endswith(("lock", ".json", ".jsonl", ".html"))}


def packshots(out: Path) -> dict[str, str]:
    return {Path(each.source).name: each.packshot for each in read_manifest(out / "manifest.jsonl")}


def test_a_sibling_that_is_added_renames_nobody(photos: Path, tmp_path: Path, save: Save) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out)
    before = files(out)
    save(photos / "a.png", 50)
    summary = run(photos, out, calls=calls)
    assert calls.read_text().split() == ["a.png"]
    assert (summary.ok, summary.resumed, summary.orphans) == (7, 6, ())
    assert before < files(out)
    assert packshots(out)["a.png"] == "packshots/a_png.jpg"


def test_a_folder_of_an_earlier_version_keeps_its_names(photos: Path, tmp_path: Path, save: Save) -> None:
    out = tmp_path / "out"
    run(photos, out)
    (out / ".packshot/names.json").unlink()
    save(photos / "a.png", 50)
    assert run(photos, out).resumed == 6
    assert packshots(out)["a.png"] == "packshots/a_png.jpg"


def test_photos_that_are_gone_are_listed_and_pruned_into_the_trash(photos: Path, tmp_path: Path, tree: Tree) -> None:
    out = tmp_path / "out"
    run(photos, out, "amazon", "ebay")
    before = files(out)
    (photos / "a.jpg").unlink()
    (photos / "sub/deep/d.webp").unlink()
    summary = run(photos, out, "amazon", "ebay")
    assert (summary.total, [orphan.stem for orphan in summary.orphans]) == (4, ["a", "sub/deep/d"])
    assert files(out) == before, "nothing is moved unasked"
    rows = [json.loads(line) for line in (out / "orphans.jsonl").read_text().splitlines()]
    assert [row["source"] for row in rows] == [str(photos / "a.jpg"), str(photos / "sub/deep/d.webp")]
    assert {"packshots/a.jpg", "channels/ebay/a.jpg", "masks/a.png", "cutouts/a.png"} <= set(rows[0]["files"])
    page = (out / "report.html").read_text()
    assert page.count("Left over") == 1
    assert re.search(r"sub/deep/d\.webp <span>\d+ files</span>", page), "the report names them"
    contents = {file: (out / file).read_bytes() for row in rows for file in row["files"]}
    summary = run(photos, out, "amazon", "ebay", prune=True)
    assert (summary.orphans, summary.trashed) == ((), len(contents))
    assert not (out / "orphans.jsonl").exists()
    assert "Left over" not in (out / "report.html").read_text()
    for file, content in contents.items():
        assert not (out / file).exists()
        assert (out / "trash" / file.replace(".packshot/", "state/")).read_bytes() == content
    assert run(photos, out, "amazon", "ebay", prune=True).trashed == 0
    # What is left is as if the two had never been.
    run(photos, tmp_path / "fresh", "amazon", "ebay")
    left = {path: data for path, data in tree(out).items() if not path.startswith("trash/")}
    assert left == tree(tmp_path / "fresh")


def test_photos_that_were_only_not_asked_for_are_no_orphans(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(photos, out)
    before = files(out)
    summary = run(photos / "é.jpg", out, prune=True)
    assert (summary.orphans, summary.trashed) == ((), 0)
    assert before <= files(out)


def test_photos_that_were_not_asked_for_are_told_for_report_and_delivery_are_without_them(
    photos: Path, tmp_path: Path, save: Save
) -> None:
    out = tmp_path / "out"
    save(photos / "later/new.png", 77)
    every = run(photos, out)
    assert every.not_asked == ()
    summary = run(photos / "later", out, calls=tmp_path / "calls")
    assert not (tmp_path / "calls").exists(), "it is the same photo, and done"
    assert (summary.total, summary.resumed, len(summary.not_asked)) == (1, 1, every.total - 1)
    assert [Path(each.source).name for each in read_manifest(out / "manifest.jsonl")] == ["new.png"]
    (line,) = left_over_lines(summary)
    assert line.startswith(f"{every.total - 1} photos of earlier runs were not named this time: ")
    assert "`packshot deliver` would take them back" in line
    assert left_over_lines(run(photos, out)) == []
    assert len(list(read_manifest(out / "manifest.jsonl"))) == every.total


def test_the_trash_keeps_everything_that_ever_had_a_name(photos: Path, tmp_path: Path, save: Save) -> None:
    out = tmp_path / "out"
    contents = []
    for seed in (1, 2):
        save(photos / "new.jpg", seed)
        run(photos, out)
        contents.append((out / "packshots/new.jpg").read_bytes())
        (photos / "new.jpg").unlink()
        run(photos, out, prune=True)
    assert (out / "trash/packshots/new.jpg").read_bytes() == contents[0]
    assert (out / "trash/packshots/new (2).jpg").read_bytes() == contents[1]


def test_a_killed_prune_goes_on(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(photos, out)
    (photos / "a.jpg").unlink()
    (out / "trash/packshots").mkdir(parents=True)
    (out / "packshots/a.jpg").rename(out / "trash/packshots/a.jpg")
    summary = run(photos, out, prune=True)
    assert summary.trashed > 2
    assert not [path for path in out.glob("*/a.*") if path.parent.name != "trash"]


def test_pruning_takes_the_pictures_of_profiles_that_were_left_out_along(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(photos, out, "amazon", "ebay", "zalando")
    summary = run(photos, out, "amazon", "zalando")
    assert (summary.dropped, summary.trashed) == ({"ebay": "channels/ebay"}, 0)
    summary = run(photos, out, "amazon", "zalando", prune=True)
    assert (summary.dropped, summary.trashed) == ({}, 12)
    assert len(list((out / "trash/channels/ebay").rglob("*.jpg"))) == 6
    assert not list((out / "channels/ebay").rglob("*.jpg"))
    assert run(photos, out, "amazon", "zalando").dropped == {}
    assert run(photos, out, "amazon", "ebay", "zalando").ok == 6


@pytest.mark.parametrize(("rule", "told"), [("name", True), ("folder", False), (r"re:/(\w+)", False), (None, False)])
def test_one_name_in_several_folders_is_told(rule: str | None, told: bool, tmp_path: Path, save: Save) -> None:
    """Eight folders with a front.jpg each became one product with eight pictures of other things."""
    for folder in ("coat", "hat"):
        save(tmp_path / "in" / folder / "front.png", 90)
    summary = run(tmp_path / "in", tmp_path / "out", naming=Naming(rule))
    lines = [line for line in left_over_lines(summary) if "SKU front" in line]
    assert bool(lines) is told
    assert all("2 folders (coat, hat)" in line and "--sku TABLE.csv:COLUMN" in line for line in lines)


def test_skus_and_views_stand_in_the_manifest_and_name_pictures(tmp_path: Path, save: Save) -> None:
    photos, out, calls = tmp_path / "in", tmp_path / "out", tmp_path / "calls"
    for seed, name in enumerate(["0815_a.jpg", "0815_c.jpg", "4711_a.jpg"]):
        save(photos / name, seed)
    naming = Naming(r"re:(\d+)_", {"": "{sku}_{view}", "ebay": "{name}"})
    run(photos, out, "amazon", "ebay", naming=naming)
    rows = {Path(each.source).name: each for each in read_manifest(out / "manifest.jsonl")}
    assert [(row.sku, row.view) for row in rows.values()] == [("0815", 1), ("0815", 2), ("4711", 1)]
    assert rows["0815_c.jpg"].packshots["amazon"].file == "packshots/0815_2.jpg"
    assert rows["0815_c.jpg"].packshots["ebay"].file == "channels/ebay/0815_c.jpg"
    assert rows["0815_c.jpg"].mask == "masks/0815_c.png"
    save(photos / "0815_b.jpg", 9)
    run(photos, out, "amazon", "ebay", naming=naming, calls=calls)
    assert calls.read_text().split() == ["0815_b.jpg"]
    assert packshots(out) == {
        "0815_a.jpg": "packshots/0815_1.jpg",
        "0815_b.jpg": "packshots/0815_3.jpg",
        "0815_c.jpg": "packshots/0815_2.jpg",
        "4711_a.jpg": "packshots/4711_1.jpg",
    }
    # Called otherwise: composed from the cut-outs, and no picture is left under its old name.
    calls.unlink()
    run(photos, out, "amazon", "ebay", naming=Naming("name", {"amazon": "{sku}"}), calls=calls)
    assert calls.read_text().split() == ["composed-amazon"] * 4
    assert sorted(path.name for path in (out / "packshots").iterdir()) == sorted(rows | {"0815_b.jpg": None})


def test_photos_that_the_rule_for_skus_says_nothing_of_are_named(tmp_path: Path, save: Save) -> None:
    for number in range(7):
        save(tmp_path / "in" / f"{number}.png", 40 + number)
    table = tmp_path / "products.csv"
    table.write_text("file,sku\n0.png,A\n1.png,\n9.png,B\n")

    def told(**options: Any) -> list[str]:
        return left_over_lines(run(tmp_path / "in", tmp_path / "out", **options))

    (line,) = told(naming=Naming(f"{table}:sku"))
    assert line.startswith("6 photos have no SKU: ")
    assert "1.png" in line
    assert "0.png" not in line
    assert line.endswith(" and 2 more; --sku says nothing of them, and `packshot deliver` will leave them behind")
    (line,) = told(naming=Naming(r"re:^([1-6])"))
    assert line.startswith("1 photo has no SKU: ")
    assert "0.png; --sku says nothing of it, " in line
    assert told(naming=Naming("name")) == []
    assert told() == []


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path, save: Save, tree: Tree) -> None:
    photos, out = tmp_path / "in", tmp_path / "out"
    save(photos / "6291041500213.jpg", 1)
    run(photos, out, naming=Naming("name", {"": "gs1"}))
    assert packshots(out) == {"6291041500213.jpg": "packshots/06291041500213_C1N1.jpg"}
    before = tree(out)
    save(photos / "6291041500214.jpg", 2)
    with pytest.raises(UsageError, match=r"6291041500214.jpg: .* has the check digit 4, expected 3"):
        run(photos, out, naming=Naming("name", {"": "gs1"}))
    with pytest.raises(UsageError, match="would both be called in"):
        run(photos, out, naming=Naming("folder", {"": "{sku}"}))
    with pytest.raises(UsageError, match="none of the profiles"):
        run(photos, out, naming=Naming("folder", {"ebay": "{sku}"}))
    assert tree(out) == before
    # Nor may a picture take the name of one whose photo this run is not asked for.
    (photos / "6291041500214.jpg").unlink()
    other = save(tmp_path / "other/gtin/6291041500213.jpg", 3).parents[1]
    with pytest.raises(UsageError, match="like the picture of"):
        run(other, out, naming=Naming("name", {"": "gs1"}))
    assert tree(out) == before
