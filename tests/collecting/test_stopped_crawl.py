"""A crawl that is stopped, by a kill or with its command: nothing is asked for twice, and nothing goes on alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from packshot_tests.command import line

from packshot.collecting import Job
from packshot.errors import OutputError
from packshot.storage.lock import folder_lock

from .conftest import FAST, Site, packshot, picture, rows, table

pytest.importorskip("scrapy", reason="the extra `collect` is not installed")


def test_a_killed_crawl_goes_on(site: Site, tmp_path: Path) -> None:
    for index in range(10):
        site.sell(f"s{index}", image=[f"/i/{index}.jpg"])
        site.pages[f"/i/{index}.jpg"] = picture(index)
    site.pages["/"] = b"".join(b"<a href='/p/s%d'>x</a>" % index for index in range(10))
    out = tmp_path / "killed"
    job = Job(starts=(f"{site.url}/",), out=out, allow_private=True, rate=20)
    for more in (2, 3):
        crawl = [sys.executable, "-m", "packshot.collecting.crawl"]
        child = subprocess.Popen(crawl, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdin
        assert child.stdout
        child.stdin.write(job.model_dump_json().encode() + b"\n")
        child.stdin.flush()
        for _ in range(more):
            while b'"photo"' not in child.stdout.readline():
                assert child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.communicate()
        with (out / ".packshot" / "collected.jsonl").open("ab") as file:
            file.write(b'{"photo": "torn')
    kept = {line["photo"] for line in map(json.loads, _whole_lines(out)) if "photo" in line}
    assert len(kept) >= 5
    asked = len(site.asked)
    assert packshot(f"{site.url}/", "-o", out, *FAST)[0] == 0
    assert not {f"{site.url}{path}" for path in site.paths()[asked:]} & kept
    assert packshot(f"{site.url}/", "-o", tmp_path / "whole", *FAST)[0] == 0
    assert (out / "manifest.csv").read_text() == (tmp_path / "whole" / "manifest.csv").read_text()
    assert [row | {"collected": ""} for row in rows(out)] == [
        row | {"collected": ""} for row in rows(tmp_path / "whole")
    ]
    assert len(table(out)) == 10


def _whole_lines(out: Path) -> list[str]:
    lines = (out / ".packshot" / "collected.jsonl").read_text().split("\n")
    return [line for line in lines if line.endswith("}")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_crawl_ends_with_the_command(site: Site, tmp_path: Path, number: signal.Signals) -> None:
    for index in range(100):
        site.sell(f"s{index}")
    site.pages["/"] = b"".join(b"<a href='/p/s%d'>x</a>" % index for index in range(100))
    out = tmp_path / "out"
    command = line("collect", f"{site.url}/", "-o", out, *FAST, "--rate", 2)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _wait_for(lambda: len(site.asked) >= 4)
    process.send_signal(number)
    _, told = process.communicate()
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "repeat the command to go on" in told
        assert "Traceback" not in told
    _wait_for(lambda: _is_free(out))
    asked = len(site.asked)
    assert asked < 100
    assert rows(out)
    time.sleep(1)
    assert len(site.asked) == asked


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 250
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_free(out: Path) -> bool:
    try:
        with folder_lock(out).hold():
            return True
    except OutputError:
        return False
