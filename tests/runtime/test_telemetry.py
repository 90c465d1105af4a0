"""Nothing leaves the machine: onnxruntime's own telemetry is off in every process that runs a network."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from packshot_tests.photos import save, soft

# The first event is sent within 30 seconds; the traces on disk are there at once.
LINGER_SECONDS = 35

RUN = """
import sys, time
import numpy as np
import packshot
packshot.Pipeline().run(np.full((64, 64, 3), 200, np.uint8), name="grey")
time.sleep(float(sys.argv[1]))
"""
CONTROL = """
import sys, time
from importlib.resources import files
import onnxruntime
onnxruntime.InferenceSession(str(files("packshot") / "models" / "frame.onnx"), providers=["CPUExecutionProvider"])
time.sleep(float(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what three processes left in homes and temporary folders of their own, below ``NAME/``.

    ``run`` lives on, ``workers`` is a batch, ``control`` loads a network without us. Side by side, for one takes long.
    """
    folder = tmp_path_factory.mktemp("left")
    for number in range(2):
        save(folder / "photos" / f"{number}.png", soft(number))
    strace = shutil.which("strace")
    traced = (strace, "-f", "-qq", "-e", "trace=connect,sendto", "-o", folder / "calls") if strace else ()
    commands: dict[str, Sequence[object]] = {
        "run": (*traced, sys.executable, "-c", RUN, LINGER_SECONDS),
        "workers": (sys.executable, "-m", "packshot", "run", folder / "photos", "-o", folder / "out", "--jobs", 2),
        "control": (sys.executable, "-c", CONTROL, 3),
    }
    # The first two silence it too.
    silenced = {"CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in silenced}
    with contextlib.ExitStack() as running:
        started = []
        for name, words in commands.items():
            places = {"HOME": folder / name / "home", "TMPDIR": folder / name / "tmp"}
            for place in places.values():
                place.mkdir(parents=True)
            process = subprocess.Popen(
                list(map(str, words)),
                env=environment | {variable: str(place) for variable, place in places.items()},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            started.append(running.enter_context(process))
        for process in started:
            said = process.communicate(timeout=240)[1]
            assert process.returncode in {0, 3}, said  # 3: drawn colours may show no product
    return folder


def files(folder: Path) -> list[str]:
    """Names of all files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_run_leaves_no_file_and_asks_no_server(left: Path) -> None:
    assert files(left / "run") == []
    if (left / "calls").exists():
        assert "AF_INET" not in (left / "calls").read_text()


def test_worker_processes_leave_none_either(left: Path) -> None:
    assert files(left / "workers") == []
    assert len((left / "out" / "manifest.jsonl").read_text().splitlines()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="where onnxruntime writes its traces is known for Linux only")
def test_the_tests_above_can_fail(left: Path) -> None:
    assert any("deviceid" in name for name in files(left / "control"))
