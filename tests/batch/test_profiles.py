"""Several profiles in one run: one cut-out, a picture for each, and a place that is kept when a profile is added."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from batch_stub import StubPipeline

from packshot.batch import PhotoProcessing, Summary, read_manifest, run_batch
from packshot.errors import UsageError

Tree = Callable[[Path], dict[str, bytes]]


def run(source: Path, out: Path, *profiles: str, calls: Path | None = None, fingerprint: str = "f1") -> Summary:
    make = functools.partial(
        StubPipeline, fingerprint, calls=None if calls is None else str(calls), profiles=profiles or ("plain",)
    )
    return run_batch([source], out, PhotoProcessing(make, profiles or ("plain",)))


def called(calls: Path) -> list[str]:
    names = sorted(calls.read_text().split()) if calls.exists() else []
    calls.unlink(missing_ok=True)
    return names


def test_the_first_profile_has_packshots_and_each_other_one_a_folder_in_channels(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run(photos, out, "amazon", "ebay", "my shop")
    assert summary.folders == {"amazon": "packshots", "ebay": "channels/ebay", "my shop": "channels/my shop"}
    assert (summary.ok, summary.dropped, summary.exit_code) == (6, {}, 0)
    for record in read_manifest(out / "manifest.jsonl"):
        assert list(record.packshots) == ["amazon", "ebay", "my shop"]
        assert record.packshot == record.packshots["amazon"].file
        stem = record.cutout.removeprefix("cutouts/").removesuffix(".png")
        files = [f"{folder}/{stem}.jpg" for folder in summary.folders.values()]
        assert [picture.file for picture in record.packshots.values()] == files
        assert len({(out / file).read_bytes() for file in files}) == 3, "each on a background of its own"
    page = (out / "report.html").read_text("utf-8")
    assert page.count("my shop: accepted") == 6
    assert "amazon, ebay, my shop" in page


def test_a_profile_that_is_added_gets_its_pictures_from_the_cutouts_and_nothing_else_is_touched(
    photos: Path, tmp_path: Path, tree: Tree, save: Callable[..., Path]
) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    save(photos / "unsure.jpg", 8)
    (photos / "empty.jpg").touch()
    run(photos, out, "amazon", "zalando", calls=calls)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.[jpw]*") if ".jsonl" not in path.name}
    assert len(called(calls)) == 8
    summary = run(photos, out, "ebay", "amazon", "zalando", calls=calls)
    assert called(calls) == ["composed-ebay"] * 7, "no photo is opened again"
    assert (summary.resumed, summary.review, summary.failed) == (1, 1, 1)
    changed = {path for path, time in before.items() if path.is_file() and path.stat().st_mtime_ns != time}
    assert {path.name for path in changed} == {"profiles.json"}
    assert all(path.exists() for path in before)
    # Amazon has packshots/ for good, wherever it is named now.
    run(photos, tmp_path / "fresh", "amazon", "ebay", "zalando")
    assert tree(out) == tree(tmp_path / "fresh")


def test_source_folders_may_be_called_like_profiles_and_channels(
    tmp_path: Path, save: Callable[..., Path], tree: Tree
) -> None:
    photos = tmp_path / "in"
    for number, name in enumerate(["a.jpg", "ebay/a.jpg", "amazon/a.jpg", "channels/ebay/a.jpg", "a.before.jpg"]):
        save(photos / name, number)
    out = tmp_path / "out"
    summary = run(photos, out, "amazon", "ebay")
    assert summary.ok == 5
    files = [each.file for record in read_manifest(out / "manifest.jsonl") for each in record.packshots.values()]
    assert len(set(files)) == 10
    before = tree(out)
    assert run(photos, out, "amazon", "ebay").resumed == 5, "results are no input"
    assert tree(out) == before


def test_a_profile_that_is_not_asked_for_any_more_is_named_and_its_pictures_stay(
    photos: Path, tmp_path: Path, tree: Tree
) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, "amazon", "ebay", calls=calls)
    both = tree(out)
    called(calls)
    summary = run(photos, out, "ebay", calls=calls)
    assert called(calls) == []
    assert summary.dropped == {"amazon": "packshots"}
    assert summary.resumed == 6
    for record in read_manifest(out / "manifest.jsonl"):
        assert list(record.packshots) == ["ebay"]
        assert record.packshot.startswith("channels/ebay/")
        assert (out / record.packshot.replace("channels/ebay", "packshots")).is_file()
    # It is known all along: asked for again, nothing is made.
    assert run(photos, out, "amazon", "ebay", calls=calls).resumed == 6
    assert called(calls) == []
    assert tree(out) == both


def test_pictures_of_a_profile_nobody_asks_for_stay_when_the_photo_is_done_anew_but_not_as_current(
    photos: Path, tmp_path: Path, save: Callable[..., Path]
) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, "amazon", "ebay")
    run(photos, out, "amazon", fingerprint="f2")
    assert (out / "channels/ebay/a.jpg").is_file()
    save(photos / "a.jpg", 99)
    run(photos, out, "amazon", fingerprint="f2")
    assert not (out / "channels/ebay/a.jpg").exists(), "it shows another photo"
    run(photos, out, "amazon", "ebay", fingerprint="f2", calls=calls)
    assert called(calls) == ["composed-ebay"] * 6


def test_a_picture_that_is_gone_or_damaged_is_made_of_the_cutout(photos: Path, tmp_path: Path, tree: Tree) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, "amazon", "ebay", calls=calls)
    before = tree(out)
    called(calls)
    (out / "packshots/b.jpg").unlink()
    (out / "channels/ebay/sub/c.jpg").write_bytes(b"retouched")
    (out / "cutouts/é.png").write_bytes(b"retouched")
    run(photos, out, "amazon", "ebay", calls=calls)
    assert called(calls) == ["composed-amazon", "composed-ebay", "é.jpg"]
    assert tree(out) == before


def test_a_picture_that_cannot_be_made_for_one_profile_leaves_the_others(
    photos: Path, tmp_path: Path, tree: Tree
) -> None:
    out = tmp_path / "out"
    summary = run(photos, out, "amazon", "never")
    assert (summary.review, summary.failed, summary.without_picture, summary.exit_code) == (6, 0, 6, 3)
    for record in read_manifest(out / "manifest.jsonl"):
        assert (record.status, record.review, record.error) == ("review", ("picture",), None)
        assert record.packshots["amazon"].status == "ok"
        missing = record.packshots["never"]
        assert (missing.file, missing.status, missing.error.code) == (None, "failed", "ByteLimitUnreachable")
        assert missing.error.remedy
    page = (out / "report.html").read_text("utf-8")
    assert page.count("No picture could be made (never): never fits") == 6
    before = tree(out)
    assert run(photos, out, "amazon", "never").resumed == 6, "the same would fail again"
    assert tree(out) == before
    summary = run(photos, out, "amazon")
    assert (summary.ok, summary.exit_code) == (6, 0)


def test_where_no_picture_can_be_made_the_photo_failed_until_a_profile_is_added(photos: Path, tmp_path: Path) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    summary = run(photos, out, "never", calls=calls)
    assert (summary.failed, summary.exit_code) == (6, 3)
    called(calls)
    assert run(photos, out, "never", calls=calls).resumed == 6
    assert called(calls) == []
    assert run(photos, out, "never", "amazon").review == 6
    assert run(photos, out, "never").failed == 6
    assert run(photos, out, "amazon").ok == 6


def test_profiles_that_would_share_a_folder_are_refused_before_anything_is_written(
    photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(photos, out, "plain", "Shop")
    with pytest.raises(UsageError, match=r"Shop and shop would share the folder channels/shop") as caught:
        run(photos, out, "plain", "shop")
    assert "rename" in caught.value.remedy
    assert {path.name for path in (out / "channels").iterdir()} == {"Shop"}


def test_a_folder_of_an_earlier_version_keeps_its_pictures_place(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(photos, out, "amazon")
    (out / ".packshot/profiles.json").unlink()
    assert run(photos, out, "ebay", "amazon").folders == {"amazon": "packshots", "ebay": "channels/ebay"}
    assert json.loads((out / ".packshot/profiles.json").read_text()) == {"amazon": "packshots", "ebay": "channels/ebay"}


def test_a_run_that_is_told_of_other_profiles_than_its_pipelines_is_refused(photos: Path, tmp_path: Path) -> None:
    make = functools.partial(StubPipeline, profiles=("amazon",))
    with pytest.raises(UsageError, match="pictures for amazon, the run was told of plain"):
        run_batch([photos], tmp_path / "out", PhotoProcessing(make))
    assert not list((tmp_path / "out").rglob("*.jpg"))
