"""recipes/cutout/mean.py, as it is typed: the mean of two networks' weights."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

SCRIPT = Path(__file__).parents[2] / "recipes" / "cutout" / "mean.py"


def write(path: Path, weights: list[float]) -> Path:
    """A network that multiplies by its half-precision weights and adds a whole number."""
    factor = numpy_helper.from_array(np.array(weights, np.float16), "factor")
    shift = numpy_helper.from_array(np.array([3], np.int64), "shift")
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT16, [len(weights)])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT16, [len(weights)])
    graph = helper.make_graph(
        [helper.make_node("Mul", ["x", "factor"], ["y"])], "g", [value], [result], [factor, shift]
    )
    onnx.save(helper.make_model(graph), path)
    return path


@pytest.mark.parametrize(("share", "expected"), [("0.5", [2.0, 3.0]), ("0.25", [1.5, 2.5]), ("0", [1.0, 2.0])])
def test_floating_weights_are_averaged_and_others_stay(tmp_path: Path, share: str, expected: list[float]) -> None:
    files = write(tmp_path / "before.onnx", [1, 2]), write(tmp_path / "after.onnx", [3, 4])
    command = [sys.executable, SCRIPT, *files, "-o", tmp_path / "mean.onnx", "--share", share]
    subprocess.run(command, check=True, timeout=60)
    made = {w.name: numpy_helper.to_array(w) for w in onnx.load(tmp_path / "mean.onnx").graph.initializer}
    assert made["factor"].dtype == np.float16
    assert made["factor"].tolist() == expected
    assert made["shift"].tolist() == [3]


def test_networks_of_two_architectures_are_refused(tmp_path: Path) -> None:
    files = write(tmp_path / "before.onnx", [1, 2]), write(tmp_path / "after.onnx", [3, 4, 5])
    command = [sys.executable, SCRIPT, *files, "-o", tmp_path / "mean.onnx"]
    ended = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "factor: not in both networks, or of another shape" in ended.stderr
    assert not (tmp_path / "mean.onnx").exists()
