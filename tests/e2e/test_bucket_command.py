"""`packshot run` on a bucket as it is typed, with the real network and a real S3 server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
from packshot_tests.command import line, run
from PIL import Image
from skimage import data

from packshot.storage.objects import open_folder


def test_a_killed_run_on_a_bucket_is_finished_by_repeating_it(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for number in range(5):
        path = tmp_path / "photos" / f"{number}.jpg"
        Image.fromarray(np.roll(data.astronaut(), 9 * number, axis=1)).resize((256, 256)).save(path)
        open_folder(f"{bucket}/photos").write(path.name, path.read_bytes())
    options = ("--profile", "amazon,google", "--jobs", 2, "--threads", 1)
    command = line("run", f"{bucket}/photos", "-o", f"{bucket}/out", *options)
    out = open_folder(f"{bucket}/out")

    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and next(out.list("masks"), None) is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert all(each.path != "manifest.jsonl" for each in out.list())

    done = run("run", f"{bucket}/photos", "-o", f"{bucket}/out", *options)
    assert done.code == 0, done.err
    assert "5 photos:" in done.out
    assert run("run", tmp_path / "photos", "-o", tmp_path / "out", *options).code == 0
    for kind in ("packshots", "masks", "cutouts"):
        expected = {path.name: path.read_bytes() for path in (tmp_path / "out" / kind).iterdir()}
        assert {each.path.rpartition("/")[2]: out.read(each.path)[0] for each in out.list(kind)} == expected
    rows = [json.loads(text) for text in out.read("manifest.jsonl")[0].splitlines()]
    assert [row["source"] for row in rows] == [f"{bucket}/photos/{number}.jpg" for number in range(5)]


def test_bad_input_is_told_with_its_remedy(bucket: str) -> None:
    wrong = {
        ("s3://not-there/photos", f"{bucket}/out"): "s3://not-there is not there: make the bucket, or check its name",
        (f"{bucket}/photos", "s3://not-there/out"): "s3://not-there is not there",
        (f"{bucket}/photos", f"{bucket}/out"): f"no photos found in {bucket}/photos: name a folder of a bucket",
        (f"{bucket}/photos", "s3:///out"): "names no bucket",
    }
    for (source, out), message in wrong.items():
        done = run("run", source, "-o", out)
        assert (done.code, message in done.err) == (2, True), done.err
    done = run("run", f"{bucket}/photos", "-o", f"{bucket}/out", "--prune")
    assert done.code == 2
    assert "--prune needs an output folder on this machine's disk" in done.err
