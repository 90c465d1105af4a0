"""Programs that mostly wait: they start when the tests are collected, and a test near the end reads what they left.

A program is a script that is called with an empty folder. Under pytest-xdist the first worker starts it, and any worker
may read its result. It is stopped when the whole run ends, or when the process that began the run is gone.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

#: The folder of this run, and the process that began it; its workers inherit both.
FOLDER, RUN = "PACKSHOT_TESTS_AHEAD", "PACKSHOT_TESTS_RUN"
AWAITED, ENDED = "awaited", "ended.json"
LIMIT_S = (
    240.0  # of waiting, below the limit of a test; what nobody waits for yet shares its cores with the other tests
)
POLL_S = 0.2
GRACE_S = 10.0


@dataclass(frozen=True)
class Ended:
    """How a program ended.

    Args:
        folder: the one that it was called with.
        code: exit code; None where it was stopped, as after `LIMIT_S` in which a test waited for it.
        out: its stdout.
        err: its stderr.
    """

    folder: Path
    code: int | None
    out: str
    err: str


class Ahead:
    """The programs of one run of pytest."""

    def __init__(self) -> None:
        self._owner = FOLDER not in os.environ
        if self._owner:
            folder = Path(tempfile.gettempdir(), f"packshot-ahead-{secrets.token_hex(8)}")  # made by the first start
            os.environ[FOLDER], os.environ[RUN] = str(folder), str(os.getpid())
        self._root = Path(os.environ[FOLDER])

    def start(self, script: Path) -> None:
        """Start a script unless it runs already."""
        place = self._root / script.stem
        with contextlib.suppress(FileExistsError):
            (place / "left").mkdir(parents=True)
            watcher = subprocess.Popen([sys.executable, __file__, place, script], start_new_session=True)
            (place / "pid").write_text(str(watcher.pid))
            watcher.returncode = 0  # not waited for: whoever ends the run stops it

    def result(self, script: Path) -> Ended:
        """Start it where nobody did, wait for its end, and tell how it ended."""
        self.start(script)
        ended = self._root / script.stem / ENDED
        (ended.parent / AWAITED).touch()
        deadline = time.monotonic() + LIMIT_S + 2 * GRACE_S
        while not ended.exists():
            assert time.monotonic() < deadline, f"{script.name} neither ended nor was stopped"
            time.sleep(POLL_S)
        return Ended(self._root / script.stem / "left", **json.loads(ended.read_text()))

    def stop(self) -> None:
        """At the end of the whole run: stop what still runs. Does nothing in a worker."""
        if not self._owner or not self._root.exists():
            return
        running = [pid for pid in self._root.glob("*/pid") if not (pid.parent / ENDED).exists()]
        for pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + 2 * GRACE_S
        while time.monotonic() < deadline and not all((pid.parent / ENDED).exists() for pid in running):
            time.sleep(POLL_S)
        shutil.rmtree(self._root, ignore_errors=True)
        for name in (FOLDER, RUN):
            os.environ.pop(name, None)


def watch(place: Path, script: Path, run: int) -> None:
    """Run the script to its end; stop it on SIGTERM, when a test waits too long, or when the run of pytest is gone."""
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    deadline = math.inf
    with (place / "out").open("w+") as out, (place / "err").open("w+") as err:
        words = [sys.executable, script, place / "left"]
        process = subprocess.Popen(words, stdout=out, stderr=err, start_new_session=True)
        while process.poll() is None and time.monotonic() < deadline and _lives(run) and not told_to_stop.is_set():
            time.sleep(POLL_S)
            if deadline == math.inf and (place / AWAITED).exists():
                deadline = time.monotonic() + LIMIT_S
        code = process.poll()
        if code is None:
            _end(process)
        for each in (out, err):
            each.seek(0)
        told = json.dumps({"code": code, "out": out.read(), "err": err.read()})
    (place / "ended").write_text(told)
    (place / "ended").replace(place / ENDED)
    if not _lives(run):
        shutil.rmtree(place.parent, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to it and what it started, then SIGKILL."""
    os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]), int(os.environ[RUN]))
