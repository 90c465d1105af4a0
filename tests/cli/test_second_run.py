"""The second of two commands that write to one place is refused before it loads, lists or opens anything."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from packshot_tests.command import run, run_alone

from packshot.storage.objects import open_folder

#: Lock file of the first command -> what the second is typed as. Photos, data and networks are named that are not
#: there: whoever looked at them before the lock would say so.
TYPED = {
    "out/.packshot/lock": "run no/*.jpg -o out --model no.onnx --describe-model no.onnx",
    "cat/.packshot/lock": "run no/*.jpg -o cat -c no/catalogue",
    "made/.packshot/lock": "explain made --model no.onnx",
    "sent/.packshot/delivery.lock": "deliver sent --to folder:shop",
    "feed/.packshot/delivery.lock": "deliver feed --to shopify://nobody.myshopify.com",
    "labels.csv.lock": "label frame no/*.jpg -o labels.csv --model no.onnx --no-open",
    "trained/.lock": "train no-such-recipe --data . -o trained",
    "folds/fold-2/.lock": "train no-such-recipe --data . -o folds --folds 3",
    "shares/fraction-0.5/seed-7/.lock": "train no-such-recipe --data . -o shares --fractions 0.5,1",
    "study/.packshot/lock": "study no.toml --data no/data -o study",
    "trust/.packshot/lock": "evaluate explanation --data no/data -o trust",
    "shop/.packshot/lock": "collect http://127.0.0.1:9/ -o shop --allow-private",
}
HEAVY = ("cv2", "onnxruntime", "torch", "scrapy.crawler")


@pytest.mark.parametrize("lock", TYPED)
def test_the_lock_is_asked_for_before_all_else(lock: str, tmp_path: Path) -> None:
    (tmp_path / lock).parent.mkdir(parents=True, exist_ok=True)
    with FileLock(tmp_path / lock):
        done = run(*TYPED[lock].split(), cwd=tmp_path)
    assert done.code == 1, done.err
    assert done.err.startswith("packshot: another "), "nothing is said before, and no bar is drawn"
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


@pytest.mark.parametrize("lock", ["out/.packshot/lock", "trained/.lock", "shop/.packshot/lock", "study/.packshot/lock"])
def test_nothing_heavy_is_loaded_for_that(lock: str, tmp_path: Path) -> None:
    (tmp_path / lock).parent.mkdir(parents=True)
    with FileLock(tmp_path / lock):
        done = run_alone(*TYPED[lock].split(), cwd=tmp_path, blocked=HEAVY)
    assert done.code == 1, done.err
    assert done.err.startswith("packshot: another ")


@pytest.mark.parametrize("lock", TYPED)
def test_who_only_looks_leaves_nothing_behind(lock: str, tmp_path: Path) -> None:
    if TYPED[lock].startswith("collect"):
        return  # it makes its folder before it finds that no page answers
    assert run(*TYPED[lock].split(), cwd=tmp_path).code == 2
    assert list(tmp_path.iterdir()) == []


def test_what_writes_nothing_needs_no_lock(tmp_path: Path) -> None:
    (tmp_path / "sent" / ".packshot").mkdir(parents=True)
    with FileLock(tmp_path / "sent" / ".packshot" / "delivery.lock"):
        done = run("deliver", "sent", "--to", "folder:shop", "--dry-run", cwd=tmp_path)
    assert "another delivery" not in done.err
    assert "manifest.jsonl" in done.err


def test_in_a_bucket_the_lease_is_asked_for_before_tables_are_read(tmp_path: Path) -> None:
    out = open_folder(f"file://{tmp_path}/out")
    stop = threading.Event()

    def live() -> None:  # a run of this machine that goes on
        beat = 0
        while not stop.wait(0.3):
            beat += 1
            row = {"run": "other", "host": socket.gethostname(), "pid": os.getpid(), "beat": beat}
            out.write(".packshot/driver.json", json.dumps(row).encode())

    other = threading.Thread(target=live)
    other.start()
    try:
        while not (tmp_path / "out" / ".packshot" / "driver.json").exists():
            time.sleep(0.01)
        done = run("run", f"file://{tmp_path}/no", "-o", f"file://{tmp_path}/out", "--sku", "file:///no/table.csv:sku")
    finally:
        stop.set()
        other.join()
    assert done.code == 1, done.err
    assert "another run is writing to" in done.err
