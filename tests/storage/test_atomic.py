import contextlib
import errno
import os
from pathlib import Path

import pytest

from packshot.errors import OutputError
from packshot.storage.atomic import atomic_file, ends_the_run, output_error, remove_stale, write_atomic


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_appears_whole_with_its_folders(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a/b.bin", b"12")
    write_atomic(tmp_path / "a/b.bin", b"3")
    assert (tmp_path / "a/b.bin").read_bytes() == b"3"
    assert names(tmp_path / "a") == ["b.bin"]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with contextlib.suppress(KeyboardInterrupt), atomic_file(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "free some space"), (errno.EACCES, "allow writing")])
def test_a_full_or_forbidden_disk_ends_the_run_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=words) as caught:
        write_atomic(tmp_path / "a", b"1")
    assert ends_the_run(caught.value)
    assert names(tmp_path) == []


def test_a_name_too_long_is_one_photos_trouble(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="shorten") as caught:
        write_atomic(tmp_path / ("x" * 300) / "a", b"1")
    assert not ends_the_run(caught.value)
    assert ends_the_run(output_error(tmp_path, PermissionError(errno.EACCES, "no")))


def test_stale_files_of_killed_runs_are_removed_and_others_kept(tmp_path: Path) -> None:
    left = ".0123456789abcdef.packshot-tmp"
    for folder in (tmp_path, tmp_path / "masks" / "a", tmp_path / "theirs"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / left).touch()
        (folder / "mine.tmp").touch()
    assert remove_stale(tmp_path, below=["masks", "gone"]) == 2
    assert sorted(names(tmp_path)) == ["masks", "mine.tmp", "theirs"]
    assert names(tmp_path / "masks" / "a") == ["mine.tmp"]
    assert sorted(names(tmp_path / "theirs")) == [left, "mine.tmp"]
    assert remove_stale(tmp_path / "gone", below=["masks"]) == 0
