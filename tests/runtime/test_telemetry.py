"""Nothing leaves the machine: onnxruntime's own telemetry is off in every process that runs a network."""

import os
import shutil
import subprocess
import sys
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


def traces(*words: object, folder: Path, prefix: tuple[str, ...] = ()) -> list[str]:
    """Names of what Python with these words left in its home and temporary folders."""
    places = {"HOME": folder / "home", "TMPDIR": folder / "tmp"}
    for place in places.values():
        place.mkdir(parents=True)
    silenced = {
        "CI",
        "ORT_RUNNING_UNIT_TESTS",
        "ORT_DISABLE_TELEMETRY",
        "XDG_CACHE_HOME",
    }  # the first two silence it too
    environment = {k: v for k, v in os.environ.items() if k not in silenced}
    environment |= {name: str(place) for name, place in places.items()}
    command = [*prefix, sys.executable, *map(str, words)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, timeout=240)
    assert done.returncode in {0, 3}, done.stderr  # 3: drawn colours may show no product
    return sorted(str(p.relative_to(folder)) for place in places.values() for p in place.rglob("*") if p.is_file())


def test_a_run_leaves_no_file_and_asks_no_server(tmp_path):
    strace = shutil.which("strace")
    log = tmp_path / "calls"
    prefix = (strace, "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(log)) if strace else ()
    assert traces("-c", RUN, LINGER_SECONDS, folder=tmp_path / "traced", prefix=prefix) == []
    if strace:
        assert "AF_INET" not in log.read_text()


def test_worker_processes_leave_none_either(tmp_path):
    for number in range(2):
        save(tmp_path / "photos" / f"{number}.png", soft(number))
    words = ("-m", "packshot", "run", tmp_path / "photos", "-o", tmp_path / "out", "--jobs", 2)
    assert traces(*words, folder=tmp_path / "traced") == []
    assert len((tmp_path / "out" / "manifest.jsonl").read_text().splitlines()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="where onnxruntime writes its traces is known for Linux only")
def test_the_test_above_can_fail(tmp_path):
    assert any("deviceid" in name for name in traces("-c", CONTROL, 3, folder=tmp_path))
