"""How much a run has to do, before it begins: counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.photos import save, soft

from packshot.batch.expected import Expected, expected_photos
from packshot.batch.incoming import IncomingPhotos
from packshot.errors import UsageError


def test_photos_are_counted_and_what_is_none_is_named(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(tmp_path / "in" / name, soft(1, (16, 16)))
    (tmp_path / "in/list.csv").write_text("a,b\n")
    found = expected_photos([str(tmp_path / "in")], tmp_path / "out")
    assert (found.photos, found.finished) == (2, 0)
    assert [Path(one.path).name for one in found.passed_over] == ["list.csv"]


def test_lines_of_a_manifest_were_finished_before(tmp_path: Path) -> None:
    save(tmp_path / "in/a.png", soft(1, (16, 16)))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/manifest.jsonl").write_bytes(b"{}\n" * 3)
    assert expected_photos([str(tmp_path / "in")], tmp_path / "out") == Expected(1, 3)


def test_no_photo_is_an_error_unless_only_decisions_are_obeyed(tmp_path: Path) -> None:
    gone = [str(tmp_path / "in" / "*.png")]
    with pytest.raises(UsageError, match="no photos found"):
        expected_photos(gone, tmp_path / "out")
    assert expected_photos(gone, tmp_path / "out", decided_only=True) == Expected(0, 0)


def test_of_a_watched_folder_only_what_is_new_counts(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(tmp_path / "in" / name, soft(1, (16, 16)))
    folder = [str(tmp_path / "in")]
    incoming = IncomingPhotos(folder, tmp_path / "out", settle_s=0, patience_s=0)
    incoming.scan()
    incoming.mark_done()
    save(tmp_path / "in/c.png", soft(2, (16, 16)))
    incoming.scan()
    assert expected_photos(folder, tmp_path / "out", incoming=incoming) == Expected(1, 0)
