"""`--devices 2` on a CPU: two processes over Gloo share the samples, and end with the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

pytestmark = pytest.mark.train


def test_two_processes_share_the_samples_and_end_with_the_same_weights(shop: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    script = Path(__file__).with_name("two_processes.py")
    environment = {**os.environ, "MASTER_ADDR": "127.0.0.1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(script), str(shop), str(run)]
    subprocess.run(command, check=True, timeout=300, env=environment, capture_output=True)
    first, second = (json.loads((tmp_path / f"process-{rank}.json").read_text()) for rank in range(2))
    assert [told["processes"] for told in (first, second)] == [2, 2]
    assert first["backend"] == "gloo"
    # Eight samples an epoch, two a batch and process: two steps of four, none seen by both.
    assert [len(told["steps"]) for told in (first, second)] == [2, 2]
    mine, theirs = ({sample for step in told["steps"] for sample in step} for told in (first, second))
    assert len(mine) == len(theirs) == 4
    assert not mine & theirs
    assert first["weights"] == second["weights"]
    record = json.loads((run / "run.json").read_text())
    assert (record["status"], record["devices"], record["epochs_done"]) == ("finished", 2, 1)
    kept = torch.load(run / "last.ckpt", weights_only=True)
    assert kept["global_step"] == 2


def test_two_processes_as_typed(shop: Path, tmp_path: Path) -> None:
    """The second process types the same command while the first one holds the folder."""
    small = ["size=32", "width=4", "batch=2", "epochs=1", "workers=0"]
    changes = [part for value in small for part in ("--set", value)]
    typed = [sys.executable, "-m", "packshot", "train", "unet", "--data", str(shop), "-o", str(tmp_path / "run")]
    typed += [*changes, "--devices", "2", "--threads", "1"]
    environment = {**os.environ, "MASTER_ADDR": "127.0.0.1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(typed, check=False, timeout=300, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (record["status"], record["devices"], record["epochs_done"]) == ("finished", 2, 1)
