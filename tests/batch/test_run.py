import functools
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from batch_stub import StubPipeline
from PIL import Image

from packshot.batch import PhotoProcessing, Progress, Summary, Workers, read_manifest, run_batch
from packshot.duplicates import fingerprint_bytes, fingerprint_of, pixel_hash, read_fingerprint
from packshot.errors import ModelNotFound, OutputError, UsageError
from packshot.photo import decode
from packshot.storage.lock import folder_lock

KEYS = [
    "schema_version",
    "source",
    "sku",
    "view",
    "sha256",
    "pixel_hash",
    "status",
    "review",
    "error",
    "size",
    "notes",
    "damage",
    "source_type",
    "findings",
    "frame",
    "overlays",
    "mask",
    "cutout",
    "packshots",
    "heatmaps",
    "fingerprint",
    "advice",
    "category",
    "known",
    "familiar",
    "attributes",
    "texts",
    "products",
    "scene",
    "embedding",
    "mask_model",
    "uncertainty",
    "ready",
    "doubts",
    "parts",
    "decisions",
    "corrected",
    "timings_ms",
    "packshot",
    "rules",
]
Tree = Callable[[Path], dict[str, bytes]]


def run(
    source: Path, out: Path, calls: Path | None = None, fingerprint: str = "f1", jobs: int = 1, **options: object
) -> Summary:
    make = functools.partial(StubPipeline, fingerprint, calls=None if calls is None else str(calls))
    return run_batch([source], out, PhotoProcessing(make), workers=Workers(jobs=jobs), **options)  # type: ignore[arg-type]


def called(calls: Path) -> list[str]:
    names = sorted(calls.read_text().split()) if calls.exists() else []
    calls.unlink(missing_ok=True)
    return names


def test_every_photo_gets_its_three_files_and_a_line(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    summary = run(photos, out)
    assert (summary.total, summary.ok, summary.failed, summary.exit_code) == (6, 6, 0, 0)
    stems = ["a", "b", "sub/a", "sub/c", "sub/deep/d", "é"]
    records = list(read_manifest(out / "manifest.jsonl"))
    assert [record.packshot for record in records] == [f"packshots/{stem}.jpg" for stem in stems]
    for record, stem in zip(records, stems, strict=True):
        assert list(record.row()) == KEYS
        assert record.error is None
        assert record.advice == ()
        assert record.cutout == f"cutouts/{stem}.png"
        with Image.open(out / record.cutout) as cutout, Image.open(out / record.mask) as mask:
            assert (cutout.mode, cutout.size) == ("RGBA", (64, 48))
            assert (mask.mode, mask.size) == ("L", (64, 48))
            assert np.array_equal(np.asarray(mask), np.asarray(cutout)[..., 3])
    assert "é.jpg" in (out / "report.html").read_text(encoding="utf-8")


def test_what_a_packshot_could_not_be_made_as_asked_is_in_manifest_and_report(
    tmp_path: Path, save: Callable[..., Path]
) -> None:
    out = tmp_path / "out"
    run(save(tmp_path / "shadow.jpg"), out)
    (record,) = read_manifest(out / "manifest.jsonl")
    assert record.advice == ("there is no shadow to keep",)
    assert "<li>There is no shadow to keep</li>" in (out / "report.html").read_text(encoding="utf-8")


def test_bad_photos_are_named_with_reason_and_remedy_and_the_rest_goes_on(
    photos: Path, tmp_path: Path, save: Callable[..., Path]
) -> None:
    (photos / "empty.jpg").touch()
    save(photos / "defect.jpg")
    save(photos / "unsure.jpg")
    os.mkfifo(photos / "pipe.jpg")
    (photos / "loop.jpg").symlink_to(photos / "loop.jpg")
    out = tmp_path / "out"
    summary = run_batch([photos, photos / "gone.jpg"], out, PhotoProcessing(StubPipeline))
    assert (summary.total, summary.ok, summary.review, summary.failed) == (12, 6, 1, 5)
    assert summary.exit_code == 3
    failed = {Path(r.source).name: r for r in read_manifest(out / "manifest.jsonl") if r.status == "failed"}
    assert {name: record.error.code for name, record in failed.items()} == {
        "defect.jpg": "InternalError",
        "empty.jpg": "EmptyFile",
        "gone.jpg": "UnreadablePhoto",
        "loop.jpg": "UnreadablePhoto",
        "pipe.jpg": "UnreadablePhoto",
    }
    for record in failed.values():
        assert record.error.message
        assert record.error.remedy
        assert record.packshot is record.cutout is record.mask is None
    assert "ZeroDivisionError" in failed["defect.jpg"].error.message


def test_a_second_run_does_nothing_again_and_gives_the_same_bytes(photos: Path, tmp_path: Path, tree: Tree) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    (photos / "empty.jpg").touch()
    run(photos, out, calls)
    before = tree(out)
    assert len(called(calls)) == 7
    summary = run(photos, out, calls)
    assert called(calls) == [], "the failed photo would only fail again"
    assert (summary.resumed, summary.failed, summary.exit_code) == (7, 1, 3)
    assert tree(out) == before


def test_a_changed_photo_or_pipeline_and_a_missing_or_damaged_result_are_done_again(
    photos: Path, tmp_path: Path, save: Callable[..., Path], tree: Tree
) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, calls)
    before = tree(out)
    called(calls)
    (out / "cutouts/sub/c.png").unlink()
    result = out / "packshots/b.jpg"
    result.write_bytes(result.read_bytes()[:-1])
    run(photos, out, calls)
    assert called(calls) == ["c.jpg", "composed-plain"], "a picture alone is made of the cut-out"
    assert tree(out) == before
    save(photos / "a.jpg", 99)
    run(photos, out, calls)
    assert called(calls) == ["a.jpg"]
    run(photos, out, calls, fingerprint="f2")
    assert len(called(calls)) == 6


def test_a_photo_that_fails_now_leaves_no_picture_of_its_past(
    photos: Path, tmp_path: Path, save: Callable[..., Path]
) -> None:
    out = tmp_path / "out"
    save(photos / "seen.jpg")
    run(photos, out)
    assert len(list(out.rglob("seen.*"))) == 8, "mask, cut-out, packshot, embedding, two thumbnails, two heatmaps"
    (photos / "a.jpg").write_bytes(b"")
    (photos / "seen.jpg").write_bytes(b"")
    run(photos, out)
    assert not list(out.glob("*/a.*"))
    assert not list(out.rglob("seen.*"))
    assert (out / "packshots/sub/a.jpg").exists()


def test_failures_of_the_machine_are_tried_again(photos: Path, tmp_path: Path, save: Callable[..., Path]) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    save(photos / "defect.jpg")
    run(photos, out, calls)
    called(calls)
    run(photos, out, calls)
    assert called(calls) == ["defect.jpg"]


def test_a_moved_folder_is_known_again_by_its_content(photos: Path, tmp_path: Path) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, calls)
    called(calls)
    moved = photos.rename(tmp_path / "moved")
    assert run(moved, out, calls).resumed == 6
    assert called(calls) == []
    sources = [record.source for record in read_manifest(out / "manifest.jsonl")]
    assert all(source.startswith(str(moved)) for source in sources)


def test_another_folders_photos_do_not_replace_earlier_results(
    photos: Path, tmp_path: Path, save: Callable[..., Path], tree: Tree
) -> None:
    out = tmp_path / "out"
    run(photos, out)
    before = tree(out)
    other = save(tmp_path / "other/a.jpg", 50).parent
    with pytest.raises(UsageError, match="would replace them"):
        run(other, out)
    assert tree(out) == before
    assert run_batch([photos, other], tmp_path / "both", PhotoProcessing(StubPipeline)).ok == 7


def test_earlier_results_of_other_inputs_stay_and_stay_known(photos: Path, tmp_path: Path) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, out, calls)
    run(photos / "é.jpg", out, calls)
    assert len(list(read_manifest(out / "manifest.jsonl"))) == 1
    called(calls)
    assert run(photos, out, calls).resumed == 6
    assert called(calls) == []


def test_a_folder_with_other_things_is_not_written_into(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "packshots").mkdir(parents=True)
    (out / "packshots/a.jpg").write_text("mine")
    with pytest.raises(UsageError, match="already holds packshots"):
        run(photos, out)
    assert (out / "packshots/a.jpg").read_text() == "mine"
    with pytest.raises(UsageError, match="not a folder"):
        run(photos, photos / "a.jpg")


def test_only_one_run_at_a_time(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with folder_lock(out).hold(), pytest.raises(OutputError, match="another run is writing"):
        run(photos, out)
    assert run(photos, out).ok == 6, "a lock file that nobody holds is not in the way"


def test_a_full_disk_stops_the_run_and_keeps_what_is_finished(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tree: Tree
) -> None:
    out, calls = tmp_path / "out", tmp_path / "calls"
    run(photos, tmp_path / "undisturbed")
    real, count = os.fsync, 0

    def full(handle: int) -> None:
        nonlocal count
        count += 1
        if count > 13:
            raise OSError(28, os.strerror(28))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="free some space"):
        run(photos, out, calls)
    assert not (out / "manifest.jsonl").exists()
    assert not list(out.rglob("*.packshot-tmp"))
    assert len(called(calls)) == 3
    monkeypatch.setattr(os, "fsync", real)
    assert run(photos, out, calls).resumed == 2
    assert tree(out) == tree(tmp_path / "undisturbed")


def test_progress_counts_every_photo(photos: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    run(photos, tmp_path / "out", progress=seen.append)
    assert [each.done for each in seen] == [1, 2, 3, 4, 5, 6]
    assert all(each.total == 6 and not each.resumed for each in seen)
    run(photos, tmp_path / "out", progress=seen.append)
    assert all(each.resumed for each in seen[6:])


def test_a_pipeline_that_cannot_be_made_is_the_callers_error(photos: Path, tmp_path: Path) -> None:
    def make() -> StubPipeline:
        raise ModelNotFound("no model x", remedy="name another")

    with pytest.raises(ModelNotFound):
        run_batch([photos], tmp_path / "out", PhotoProcessing(make))


def test_what_a_killed_worker_was_writing_is_gone_when_the_run_ends(photos: Path, tmp_path: Path) -> None:
    left = tmp_path / "out" / "cutouts" / ".0123456789abcdef.packshot-tmp"

    def killed_amid_work(_: Progress) -> None:
        left.write_bytes(b"half a picture")

    run(photos, tmp_path / "out", progress=killed_amid_work)
    assert not left.exists()


def test_a_run_may_be_started_from_a_thread(photos: Path, tmp_path: Path) -> None:
    summaries: list[Summary] = []
    thread = threading.Thread(target=lambda: summaries.append(run(photos, tmp_path / "out")))
    thread.start()
    thread.join()
    assert summaries[0].ok == 6


def test_a_name_that_is_not_utf8_comes_back_unchanged(photos: Path, tmp_path: Path) -> None:
    odd = (photos / "a.jpg").rename(photos / os.fsdecode(b"\xff<b>.jpg"))
    out = tmp_path / "out"
    assert run(photos, out).ok == 6
    sources = [record.source for record in read_manifest(out / "manifest.jsonl")]
    assert str(odd) in sources
    assert all(json.loads(line) for line in (out / "manifest.jsonl").read_text("ascii").splitlines())


def test_what_tells_a_photo_from_others_is_kept_where_its_pixels_were(photos: Path, tmp_path: Path) -> None:
    """The pixel hash always; the fingerprint, 100 kB a photo, where somebody compares with a catalogue."""
    out = tmp_path / "out"
    run_batch([photos], out, PhotoProcessing(StubPipeline, fingerprints=True))
    for record in read_manifest(out / "manifest.jsonl"):
        pixels = decode(record.source).rgb
        assert record.pixel_hash == pixel_hash(pixels)
        assert record.fingerprint is not None
        kept = read_fingerprint(out / record.fingerprint)
        assert kept is not None
        assert fingerprint_bytes(kept) == fingerprint_bytes(fingerprint_of(pixels))
    assert run_batch([photos], out, PhotoProcessing(StubPipeline)).resumed == 6, (
        "a run without them keeps what is there"
    )
    (out / record.fingerprint).unlink()
    assert run_batch([photos], out, PhotoProcessing(StubPipeline)).resumed == 5, "a result that is gone is made again"
    (record,) = (each for each in read_manifest(out / "manifest.jsonl") if each.fingerprint is None)
    assert record.pixel_hash == pixel_hash(decode(record.source).rgb)
