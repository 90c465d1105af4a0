"""Nothing leaves the machine: onnxruntime's own telemetry is off in every process that runs a network."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from packshot_tests.ahead import Ended


@pytest.fixture(scope="module")
def left(telemetry_runs: Ended) -> Path:
    """What `telemetry_runs.py` left behind."""
    assert telemetry_runs.code == 0, telemetry_runs.err[-3000:]
    return telemetry_runs.folder


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
