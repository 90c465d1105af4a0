"""``packshot label frame`` as typed: what it prints, how it ends, kill -9, two at once, and whose folder it spares."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from packshot_tests.command import run

from packshot.datasets import open_items
from packshot.version import __version__

from .conftest import detect, draw

#: The command with a detector that reads the score from the first pixel.
PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from conftest import detect
from packshot.cli.main import main
from packshot.frame import network
network.frame_detector = lambda model, settings: detect
main(["label", "frame", *sys.argv[1:]])
"""


class Command:
    """The command while it runs; its address once the page is open."""

    def __init__(self, *args: object) -> None:
        command = [sys.executable, "-c", PROGRAM, *map(str, args), "--no-open"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.told = ""
        self.address = ""
        assert self.process.stderr
        for line in self.process.stderr:
            self.told += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/\S+/", line):
                self.address = found[0]
                break

    def send(self, name: str, body: Any) -> Any:
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=20)
        headers = {"Content-Type": "application/json", "Origin": f"http://{parts.netloc}"}
        connection.request("POST", parts.path + name, json.dumps(body), headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        if self.process.poll() is None and self.address:
            self.process.send_signal(number)
        out, error = self.process.communicate(timeout=60)
        return self.process.returncode, out, self.told + error


@pytest.fixture
def start() -> Iterator[Any]:
    running: list[Command] = []

    def start(*args: object) -> Command:
        running.append(Command(*args))
        return running[-1]

    yield start
    for command in running:
        command.process.kill()
        command.process.communicate()


def snapshot(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_a_sitting_from_start_to_end(start: Any, photos: Path, table: Path) -> None:
    (photos / "broken.png").write_bytes((photos / "a.png").read_bytes()[:60])
    before = snapshot(photos)
    command = start(photos, "-o", table, "--json")
    assert "4 of 4 photos wait for a decision" in command.told
    assert re.search(r"skipped: .*broken\.png is damaged", command.told)
    command.send("decide", {"photo": 0, "framed": True, "box": [5, 3, 56, 37]})
    command.send("decide", {"photo": 3, "framed": False})
    code, out, told = command.end()
    assert code == 3, "a photo could not be read"
    assert "2 decided now; 2 of 4 photos are decided, 1 framed and 1 unframed" in told
    assert "Traceback" not in told
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "source": str(photos / "c.png"),
            "framed": True,
            "inner_box": [5, 3, 56, 37],
            "proposed": True,
            "score": 0.5,
            "model": f"classical {__version__}",
        },
        {
            "source": str(photos / "a.png"),
            "framed": False,
            "inner_box": None,
            "proposed": False,
            "score": 0.0,
            "model": f"classical {__version__}",
        },
    ]
    assert snapshot(photos) == before, "nothing is written among the photos"


def test_kill_9_loses_nothing_that_was_acknowledged(start: Any, photos: Path, table: Path) -> None:
    command = start(photos, "-o", table)
    command.send("decide", {"photo": 0, "framed": False})
    command.send("decide", {"photo": 1, "framed": True, "box": [4, 3, 50, 30]})
    command.send("undo", {"photo": 0})
    command.end(signal.SIGKILL)
    again = start(photos, "-o", table)
    assert "3 of 4 photos wait" in again.told, "and the lock was dropped with the process"
    again.send("decide", {"photo": 0, "framed": False})
    code, out, told = again.end(signal.SIGTERM)
    assert (code, out) == (0, f"{table}\n")
    assert "1 decided now; 2 of 4 photos are decided" in told
    labels = {item.photo.name: item.label for item in open_items(table, task="classification")}
    assert labels == {"b.png": "framed", "c.png": "unframed"}


def test_two_at_once_are_kept_apart_and_the_page_can_end_the_command(start: Any, photos: Path, table: Path) -> None:
    first = start(photos, "-o", table)
    first.send("decide", {"photo": 2, "framed": False})
    second = start(photos, "-o", table)
    code, _, told = second.end()
    assert code == 1
    assert f"another `packshot label` is writing to {table}" in told
    first.send("finish", {})
    out, error = first.process.communicate(timeout=60)
    assert (first.process.returncode, out) == (0, f"{table}\n")
    assert "1 decided now" in error


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("photos/labels.csv", "would lie among the photos"),
        ("photos/deeper/labels.csv", "would lie among the photos"),
        ("photos", "is a folder"),
        ("theirs.csv", "holds what was not decided here"),
    ],
)
def test_a_wrong_place_is_refused(photos: Path, out: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packshot.frame.network.frame_detector", lambda model, settings: detect)
    (photos.parent / "theirs.csv").write_text("path,label\nphotos/a.png,framed\n")
    before = snapshot(photos)
    done = run("label", "frame", photos, "-o", photos.parent / out, "--no-open")
    assert done.code == 2
    assert words in done.err
    assert snapshot(photos) == before
    assert (photos.parent / "theirs.csv").read_text() == "path,label\nphotos/a.png,framed\n"


def test_a_link_to_a_photo_beside_the_table_is_no_obstacle(start: Any, photos: Path, table: Path) -> None:
    (photos / "a.png").rename(table.parent / "elsewhere.png")
    (photos / "a.png").symlink_to(table.parent / "elsewhere.png")
    (photos / "dangling.png").symlink_to("/nowhere.png")  # whose folder holds every table
    command = start(photos, "-o", table, "--json")
    assert "4 of 4 photos wait for a decision" in command.told, command.told
    command.send("decide", {"photo": 3, "framed": False})
    code, out, _ = command.end()
    assert (code, json.loads(out)["source"]) == (3, str(table.parent / "elsewhere.png")), (
        "by its file, whatever links to it"
    )


def test_photos_that_all_fail_open_no_page(start: Any, tmp_path: Path) -> None:
    draw(tmp_path / "in" / "a.png", 0.5).write_bytes(b"")
    command = start(tmp_path / "in", tmp_path / "in" / "none.jpg", "-o", tmp_path / "labels.csv")
    code, out, told = command.end()
    assert (code, out, command.address) == (3, "", "")
    assert "a.png is empty" in told
    assert "none.jpg is not there" in told


@pytest.mark.skipif(os.name != "posix", reason="a process group is interrupted as a terminal does it")
def test_ctrl_c_while_the_detector_runs_ends_cleanly(photos: Path, table: Path) -> None:
    slow = PROGRAM.replace("settings: detect", "settings: lambda rgb: __import__('time').sleep(0.5) or detect(rgb)")
    for index in range(30):
        draw(photos / f"more-{index}.png", 0.5)
    command = [sys.executable, "-c", slow, str(photos), "-o", str(table), "--no-open"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    proposals = table.with_name("labels.csv.proposals")
    while process.poll() is None and (not proposals.exists() or proposals.read_bytes().count(b"\n") < 3):
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped before the page could open" in told
    assert "Traceback" not in told
