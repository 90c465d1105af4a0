"""Nothing leaves the machine: onnxruntime's own telemetry is off in every process that runs a network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def traces(script: str, folder: Path, *, seconds: float, prefix: tuple[str, ...] = ()) -> list[str]:
    """Names of what a process left in its home and temporary folders."""
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
    command = [*prefix, sys.executable, "-c", script, str(seconds)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    return sorted(str(p.relative_to(folder)) for place in places.values() for p in place.rglob("*") if p.is_file())


def test_a_run_leaves_no_file_and_asks_no_server(tmp_path):
    strace = shutil.which("strace")
    log = tmp_path / "calls"
    prefix = (strace, "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(log)) if strace else ()
    assert traces(RUN, tmp_path / "traced", seconds=LINGER_SECONDS, prefix=prefix) == []
    if strace:
        assert "AF_INET" not in log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="where onnxruntime writes its traces is known for Linux only")
def test_the_test_above_can_fail(tmp_path):
    assert any("deviceid" in name for name in traces(CONTROL, tmp_path, seconds=3))
