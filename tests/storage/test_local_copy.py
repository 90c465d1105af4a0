"""Labelled pictures of a bucket, copied for readers of files: whole, resumed, kept up to date, nothing read twice."""

from __future__ import annotations

import _thread
import shutil
import threading
import time
from pathlib import Path

import pytest
from packshot_tests.command import run
from packshot_tests.faulty_server import Fault, FaultyServer, undisturbed
from packshot_tests.photos import save, soft

from packshot.errors import AccessDenied, UsageError
from packshot.storage.objects import local_copy, open_folder

CONTENT = {
    f"{folder}/{number}.jpg": f"{folder}{number}".encode() for folder in ("hat", "shoe ü") for number in range(4)
}


class Read:
    """Counts what is read, and says that credentials expired after some."""

    def __init__(self, at_most: int) -> None:
        self.left, self.paths = at_most, list[str]()

    def __call__(self, method: str, path: str) -> Fault | None:
        if method != "GET" or "list-type" in path:
            return None
        self.left -= 1
        if self.left < 0:
            return Fault.EXPIRED
        self.paths.append(path)
        return None


@pytest.fixture
def shop(bucket: str, faulty_store: FaultyServer) -> str:
    for name, data in CONTENT.items():
        open_folder(f"{bucket}/labelled").write(name, data)
    return f"{bucket}/labelled"


def files(folder: Path) -> dict[str, bytes]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix(): (folder / path).read_bytes() for path in found if path.parts[0] != ".packshot"}


def test_a_copy_is_whole_and_goes_on_where_it_was_stopped(
    shop: str, faulty_store: FaultyServer, tmp_path: Path
) -> None:
    faulty_store.choose = first = Read(at_most=3)
    with pytest.raises(AccessDenied):
        local_copy(shop, tmp_path)
    faulty_store.choose = second = Read(at_most=100)
    copy = local_copy(shop, tmp_path)
    assert files(copy) == CONTENT
    assert len(second.paths) < len(CONTENT)
    assert len(first.paths) + len(second.paths) <= len(CONTENT) + 3  # those in hand when it ended
    faulty_store.choose = third = Read(at_most=0)
    assert local_copy(shop, tmp_path) == copy
    assert third.paths == []


def test_what_came_beside_a_refused_object_is_not_read_again(
    shop: str, faulty_store: FaultyServer, tmp_path: Path
) -> None:
    """However the answers come: the first object of the listing is refused when three others are on their way."""
    seen, three = list[str](), threading.Event()

    def refuse_first(method: str, path: str) -> Fault | None:
        if method != "GET" or "list-type" in path:
            return None
        if path.endswith("/hat/0.jpg"):
            assert three.wait(30)
            return Fault.EXPIRED
        seen.append(path)
        if len(seen) == 3:
            three.set()
        return None

    faulty_store.choose = refuse_first
    with pytest.raises(AccessDenied):
        local_copy(shop, tmp_path)
    faulty_store.choose = again = Read(at_most=100)
    assert files(local_copy(shop, tmp_path)) == CONTENT
    assert not set(again.paths) & set(seen)
    assert sorted({*again.paths, *seen}) == sorted([*again.paths, *seen])


def test_ctrl_c_waits_for_what_is_in_hand_alone(bucket: str, faulty_store: FaultyServer, tmp_path: Path) -> None:
    for number in range(60):
        open_folder(f"{bucket}/many").write(f"{number:02}.jpg", b"photo")
    seen = list[str]()

    def interrupt_second_round(method: str, path: str) -> Fault | None:
        if method == "GET" and "list-type" not in path:
            seen.append(path)
            if len(seen) == 20:  # all were asked for, and some wait for a thread
                _thread.interrupt_main()
            time.sleep(0.3)
        return None

    faulty_store.choose = interrupt_second_round
    with pytest.raises(KeyboardInterrupt):
        local_copy(f"{bucket}/many", tmp_path)
    assert len(seen) < 60


def test_what_changes_in_the_bucket_or_here_is_brought_up_to_date(
    shop: str, faulty_store: FaultyServer, tmp_path: Path
) -> None:
    copy = local_copy(shop, tmp_path)
    open_folder(shop).write("hat/0.jpg", b"HAT0")  # as long as before
    open_folder(shop).write("new/0.jpg", b"new")
    open_folder(shop).delete(["hat/1.jpg"])
    (copy / "hat/2.jpg").unlink()
    faulty_store.choose = read = Read(at_most=100)
    told: list[str] = []
    local_copy(shop, tmp_path, tell=told.append)
    changed = CONTENT | {"hat/0.jpg": b"HAT0", "new/0.jpg": b"new"}
    del changed["hat/1.jpg"]
    assert files(copy) == changed
    assert len(read.paths) == 3
    assert told[-1] == "3 of 8 files copied"
    open_folder(shop).write("hat/1.jpg", b"back")
    assert files(local_copy(shop, tmp_path)) == changed | {"hat/1.jpg": b"back"}


def test_a_table_comes_with_its_folder(shop: str, faulty_store: FaultyServer, tmp_path: Path) -> None:
    open_folder(shop).write("labels.csv", b"path,label\nhat/0.jpg,hat\n")
    faulty_store.choose = undisturbed
    table = local_copy(f"{shop}/labels.csv", tmp_path)
    assert table.read_bytes().startswith(b"path,label")
    assert (table.parent / "hat" / "0.jpg").read_bytes() == CONTENT["hat/0.jpg"]


def test_an_empty_place_is_told(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing-here holds nothing: check the URI"):
        local_copy(f"{bucket}/nothing-here", tmp_path)
    with pytest.raises(UsageError, match="no such folder"):
        local_copy(f"file://{tmp_path}/nowhere", tmp_path)


def test_a_command_reads_a_bucket_as_it_reads_the_folder(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKSHOT_DATA_COPIES", str(tmp_path / "copies"))
    for number in range(12):
        path = save(tmp_path / "local" / ("hat" if number % 2 else "shoe") / f"{number}.jpg", soft(number, (64, 48)))
        open_folder(f"{bucket}/labelled").write(path.relative_to(tmp_path / "local").as_posix(), path.read_bytes())
    of_folder = run("data", tmp_path / "local", "--task", "classification", "--json")
    of_bucket = run("data", f"{bucket}/labelled", "--task", "classification", "--json")
    assert of_bucket.code == of_folder.code, of_bucket.err
    assert "12 of 12 files copied" in of_bucket.err
    (row,), (expected,) = of_bucket.lines, of_folder.lines
    del row["source"], expected["source"]
    assert row == expected
    shutil.rmtree(tmp_path / "local")
