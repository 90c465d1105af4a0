"""int8: what the quantised file must share with the float one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from packshot.errors import UsageError
from packshot.runtime import ModelCard, load
from packshot.runtime.quantisation import quantise


def two_convolutions(rng: np.random.Generator) -> bytes:
    """image (1, 3, 32, 32) -> conv 16 -> relu -> conv 1 -> sigmoid; only the first convolution is big."""
    first = numpy_helper.from_array(rng.normal(0, 0.2, (64, 3, 5, 5)).astype(np.float32), "w1")
    second = numpy_helper.from_array(rng.normal(0, 0.1, (1, 64, 1, 1)).astype(np.float32), "w2")
    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["a"], name="first", pads=[2, 2, 2, 2]),
        helper.make_node("Relu", ["a"], ["b"], name="relu"),
        helper.make_node("Conv", ["b", "w2"], ["c"], name="second"),
        helper.make_node("Sigmoid", ["c"], ["alpha"], name="sigmoid"),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])
    alpha = helper.make_tensor_value_info("alpha", TensorProto.FLOAT, [1, 1, 32, 32])
    graph = helper.make_graph(nodes, "two", [image], [alpha], [first, second])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def saved(folder: Path, name: str, data: bytes) -> Path:
    (folder / f"{name}.onnx").write_bytes(data)
    card = ModelCard(name=name, task="segmentation", input={"size": (32, 32)}, licence="MIT", commercial_use=True)
    (folder / f"{name}.json").write_text(card.to_json())
    return folder / f"{name}.onnx"


def test_the_quantised_network_answers_nearly_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    data = two_convolutions(rng)
    batches = [rng.normal(0, 1, (1, 3, 32, 32)).astype(np.float32) for _ in range(12)]
    small = quantise(data, batches=batches[:8], keep_last=2)
    exact, eight = load(saved(tmp_path, "exact", data)), load(saved(tmp_path, "eight", small))
    for unseen in batches[8:]:
        difference = np.abs(exact.run(unseen) - eight.run(unseen))
        assert 0 < difference.max() < 0.05
        assert difference.mean() < 0.01


def test_the_kept_nodes_stay_float() -> None:
    rng = np.random.default_rng(3)
    batches = [rng.normal(0, 1, (1, 3, 32, 32)).astype(np.float32)]
    graph = onnx.load_from_string(quantise(two_convolutions(rng), batches=batches, keep_last=2)).graph
    weights = {tensor.name: tensor.data_type for tensor in graph.initializer}
    assert weights["w2"] == TensorProto.FLOAT
    assert any(kind == TensorProto.INT8 for kind in weights.values())
    assert "w1" not in weights


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    quantise(two_convolutions(rng), batches=[rng.normal(0, 1, (1, 3, 32, 32)).astype(np.float32)])
    assert capsys.readouterr().out == ""


def test_without_photos_there_is_nothing_to_calibrate_on() -> None:
    with pytest.raises(UsageError, match="calibrate"):
        quantise(b"", batches=[])
