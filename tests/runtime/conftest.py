"""Tiny networks, written with the onnx package, in place of trained ones."""

import pytest
from onnx import TensorProto, checker, helper, save

from packshot.runtime import InputSpec, ModelCard

OPEN = ("n", "c", "h", "w")


def tiny_model(path, *, shape=("n", 3, 16, 24), kind=TensorProto.FLOAT, output="alpha", nodes=None, result=OPEN):
    """`output` is the mean over the channels, (n, 1, h, w), unless other nodes are given; `result` its stated shape."""
    if nodes is None:
        nodes = [helper.make_node("ReduceMean", ["image", "axes"], [output], keepdims=1)]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", kind, list(shape))],
        [helper.make_tensor_value_info(output, kind, list(result))],
        initializer=[axes],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    save(model, path)
    return path


def tiny_card(**changes):
    values = {
        "name": "tiny",
        "task": "segmentation",
        "input": InputSpec(size=(24, 16), mean=(0, 0, 0), std=(1, 1, 1)),
        "licence": "Apache-2.0",
        "commercial_use": True,
    }
    return ModelCard.model_validate({**values, **changes})


@pytest.fixture
def tiny(tmp_path):
    """A function: writes a tiny model with a card of the given changes, and gives its path."""

    def write(name="tiny", *, model=None, **card):
        path = tiny_model(tmp_path / f"{name}.onnx", **(model or {}))
        path.with_suffix(".json").write_text(tiny_card(**card).to_json())
        return path

    return write
