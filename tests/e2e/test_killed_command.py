"""``kill -9`` on the real command, with the real network: a second run finishes it to the same bytes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
from packshot_tests.command import line
from packshot_tests.killing import kill_amid_work
from PIL import Image
from skimage import data

PICTURES = {".jpg", ".png"}


def start(photos: Path, out: Path) -> subprocess.Popen[bytes]:
    command = line("run", photos, "-o", out, "--profile", "amazon", "--jobs", 2, "--threads", 1)
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def contents(out: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.suffix in PICTURES and ".packshot" not in path.parts
    }
    rows = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    for row in rows:
        row.pop("timings_ms")
    return {**files, "manifest": json.dumps(rows).encode()}


def test_a_killed_command_is_finished_by_repeating_it(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    astronaut = data.astronaut()
    for index in range(10):
        Image.fromarray(np.roll(astronaut, 5 * index, axis=1)).save(photos / f"{index:02}.jpg", quality=90)
    (photos / "broken.jpg").write_bytes((photos / "00.jpg").read_bytes()[:5000])

    whole = start(photos, tmp_path / "whole")
    whole.communicate()
    assert whole.returncode == 3

    chance, killed, masks = random.Random(5), 0, tmp_path / "killed" / "masks"
    for _ in range(4):
        process = start(photos, tmp_path / "killed")
        killed += kill_amid_work(process, lambda: len(list(masks.glob("*"))), chance, within_s=0.25)
    assert killed >= 2
    last = start(photos, tmp_path / "killed")
    error = last.communicate()[1].decode()
    assert last.returncode == 3
    assert "Traceback" not in error
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_two_runs_into_one_folder_are_kept_apart(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for index in range(4):
        Image.fromarray(np.roll(data.astronaut(), index, axis=0)).save(photos / f"{index}.jpg")
    first = start(photos, tmp_path / "out")
    while first.poll() is None and not list((tmp_path / "out").glob("masks/*")):
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGSTOP)  # so that the second run finds the first at work
    try:
        second = start(photos, tmp_path / "out")
        told = second.communicate()[1].decode()
    finally:
        os.killpg(first.pid, signal.SIGCONT)
    first.communicate()
    assert first.returncode == 0
    assert second.returncode == 1
    assert "another" in told
    assert len(list((tmp_path / "out" / "packshots").glob("*.jpg"))) == 4
