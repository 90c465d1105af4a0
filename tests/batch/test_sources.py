import os
from pathlib import Path

import pytest

from packshot.batch import PassedOver, find_sources, passed_over_lines
from packshot.errors import UsageError
from packshot.storage import STATE_FOLDER

SUFFIXES = frozenset({".jpg", ".png"})


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def relatives(*sources: object, out: Path | None = None) -> list[str]:
    return [source.relative for source in find_sources(sources, out=out, suffixes=SUFFIXES)]  # type: ignore[arg-type]


def test_a_folder_gives_its_photos_sorted_without_other_and_hidden_files(tmp_path: Path) -> None:
    touch(tmp_path, "b.JPG", "a.png", "notes.txt", "sub/c.jpg", ".hidden.jpg", ".cache/d.jpg", "sub/._c.jpg")
    assert relatives(tmp_path) == ["a.png", "b.JPG", "sub/c.jpg"]


def test_the_order_of_the_arguments_does_not_matter(tmp_path: Path) -> None:
    touch(tmp_path, "x/a.jpg", "x/sub/b.jpg", "y/c.jpg")
    arguments = [tmp_path / "x", tmp_path / "y", tmp_path / "x/sub/b.jpg", tmp_path / "x/sub"]
    assert find_sources(arguments, suffixes=SUFFIXES) == find_sources(arguments[::-1], suffixes=SUFFIXES)


def test_photos_come_in_the_order_in_which_they_were_named_where_that_is_asked_for(tmp_path: Path) -> None:
    touch(tmp_path, "x/b.jpg", "x/a.jpg", "y/a.jpg", "c.jpg")
    named = [tmp_path / "y", tmp_path / "c.jpg", tmp_path / "x/b.jpg", tmp_path / "x", tmp_path / "gone.jpg"]
    found = find_sources(named, suffixes=SUFFIXES, as_named=True)
    names = [Path(source.path).relative_to(tmp_path).as_posix() for source in found]
    assert names == ["y/a.jpg", "c.jpg", "x/b.jpg", "x/a.jpg", "gone.jpg"]


def test_a_photo_named_twice_is_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.jpg")
    assert relatives(tmp_path / "sub/a.jpg", tmp_path, tmp_path / "sub") == ["sub/a.jpg"]


def test_a_named_file_need_not_exist_nor_have_a_photo_suffix(tmp_path: Path) -> None:
    touch(tmp_path, "scan")
    assert relatives(tmp_path / "scan", tmp_path / "gone.jpg") == ["gone.jpg", "scan"]


def test_globs_keep_the_path_below_their_fixed_part(tmp_path: Path) -> None:
    touch(tmp_path, "p/a.jpg", "p/q/b.jpg", "p/q/c.txt", "p/[1].jpg")
    assert relatives(f"{tmp_path}/p/*.jpg") == ["[1].jpg", "a.jpg"]
    assert relatives(f"{tmp_path}/p/**/*.jpg") == ["[1].jpg", "a.jpg", "q/b.jpg"]
    assert relatives(f"{tmp_path}/*/*") == ["p/[1].jpg", "p/a.jpg", "p/q/b.jpg"]
    assert relatives(tmp_path / "p/[1].jpg") == ["[1].jpg"], "a name with brackets is a name first"


def test_nothing_to_do_is_wrong_usage_with_a_way_out(tmp_path: Path) -> None:
    for source in (tmp_path, f"{tmp_path}/*.jpg"):
        with pytest.raises(UsageError, match="no photos found") as caught:
            relatives(source)
        assert "jpg" in caught.value.remedy


def test_results_are_never_inputs(tmp_path: Path) -> None:
    out = tmp_path / "out"
    touch(tmp_path, "a.jpg", "out/packshots/a.jpg", "out/masks/a.png", "out/mine.jpg")
    assert relatives(tmp_path, out=out) == ["a.jpg", "out/mine.jpg"]
    assert relatives(f"{tmp_path}/**/*", out=out) == ["a.jpg", "out/mine.jpg"]
    assert relatives(tmp_path, out=tmp_path) == ["a.jpg", "out/masks/a.png", "out/mine.jpg", "out/packshots/a.jpg"]
    (out / STATE_FOLDER).mkdir()
    assert relatives(tmp_path, out=tmp_path / "other") == ["a.jpg", "out/mine.jpg"], "an earlier run's, too"
    with pytest.raises(UsageError, match="result of an earlier run"):
        relatives(out / "packshots/a.jpg", out=out)


def test_the_output_folder_may_be_the_input_folder(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "packshots/a.jpg")
    assert relatives(tmp_path, out=tmp_path) == ["a.jpg"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path, "a/one.jpg", "b/two.jpg")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "b/over").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert relatives(tmp_path) == ["a/one.jpg", "b/two.jpg"]


def test_linked_folders_are_followed_and_broken_links_are_inputs_that_will_fail(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/a.jpg")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in/gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    assert relatives(tmp_path / "in") == ["gone.jpg", "link/a.jpg"]


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"


def test_photos_are_told_by_their_content_and_the_rest_is_named_with_its_reason(tmp_path: Path) -> None:
    photos = ["a.jpg", "b.jpg?v=163", "c.pjpeg", "d.jps", "e.jpg_large", "f.dng", "g.jxl", "h.psd", "no_suffix"]
    for name in photos:
        (tmp_path / name).write_bytes(JPEG)
    (tmp_path / "i.jpg.crdownload").write_bytes(JPEG)
    (tmp_path / "labels.csv").write_text("source,label\n")
    (tmp_path / "page.html").write_text("<!DOCTYPE html><html>")
    (tmp_path / "list.csv").write_text("x\n")
    (tmp_path / "nothing").touch()
    for source in (tmp_path, f"{tmp_path}/*"):
        left: list[PassedOver] = []
        found = find_sources([source], passed_over=left)
        assert [one.relative for one in found] == photos
        assert {(one.reason, Path(one.path).name) for one in left} == {
            ("text", "labels.csv"),
            ("text", "list.csv"),
            ("a web page or XML", "page.html"),
            ("an unfinished download", "i.jpg.crdownload"),
            ("an empty file", "nothing"),
        }
    assert "passed over 2 files, text: labels.csv, list.csv" in passed_over_lines(left)


def test_what_was_passed_over_is_said_where_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(UsageError, match=r"passed over 1 file, a PDF document: a\.pdf"):
        find_sources([tmp_path])


def test_nothing_that_waits_is_looked_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.jpg").write_bytes(JPEG)
    left: list[PassedOver] = []
    assert [one.relative for one in find_sources([tmp_path], passed_over=left)] == ["a.jpg"]
    assert left[0].reason == "no regular file"


def test_an_empty_name_is_not_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="empty"):
        find_sources([""])
