"""Weights in fewer bits: how far they move, how small the file is, and the way back."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from packshot.training.networks.packed_weights import Bits, pack_weights, unpack_weights


def network() -> bytes:
    """A convolution of which one channel is a hundred times as strong and one silent, and one that is transposed."""
    rng = np.random.default_rng(4)
    kernel = rng.normal(0, 0.1, (40, 3, 5, 5)).astype(np.float32)
    kernel[7] *= 100
    kernel[9] = 0
    back = rng.normal(0, 0.1, (40, 3, 5, 5)).astype(np.float32)
    back[:, 1] *= 100
    weights = [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(back, "back"),
               numpy_helper.from_array(rng.normal(size=40).astype(np.float32), "bias")]  # fmt: skip
    nodes = [
        helper.make_node("Conv", ["image", "kernel", "bias"], ["features"]),
        helper.make_node("ConvTranspose", ["features", "back"], ["restored"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 16, 16])
    restored = helper.make_tensor_value_info("restored", TensorProto.FLOAT, [1, 3, 16, 16])
    graph = helper.make_graph(nodes, "both", [image], [restored], initializer=weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def weights_of(data: bytes) -> dict[str, np.ndarray]:
    model = unpack_weights(onnx.load_from_string(data))
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def answer(data: bytes) -> np.ndarray:
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    image = np.random.default_rng(5).normal(size=(1, 3, 16, 16)).astype(np.float32)
    return np.asarray(session.run(None, {"image": image})[0])


@pytest.mark.parametrize("bits", [8, 16])
def test_the_way_back_gives_the_same_names_shapes_and_kind(bits: Bits) -> None:
    before, after = weights_of(network()), weights_of(pack_weights(network(), bits=bits))
    assert {name: (each.shape, each.dtype) for name, each in after.items()} == {
        name: (each.shape, each.dtype) for name, each in before.items()
    }


def test_eight_bits_move_a_weight_by_a_254th_of_its_channel_at_most() -> None:
    """A whole number is at most one half off, and the largest of a channel is 127 of them."""
    before, after = weights_of(network()), weights_of(pack_weights(network(), bits=8))
    for name, axes in (("kernel", (1, 2, 3)), ("back", (0, 2, 3))):
        largest = np.abs(before[name]).max(axis=axes, keepdims=True)
        assert (np.abs(after[name] - before[name]) <= largest / 254 * 1.0001).all()
    assert (after["kernel"][9] == 0).all()
    assert (after["bias"] == before["bias"]).all()


@pytest.mark.parametrize(("bits", "of_the_size", "off"), [(16, 0.55, 1e-3), (8, 0.35, 2e-2)])
def test_onnxruntime_answers_nearly_the_same_from_a_smaller_file(bits: Bits, of_the_size: float, off: float) -> None:
    packed = pack_weights(network(), bits=bits)
    assert len(packed) < of_the_size * len(network())
    expected = answer(network())
    assert np.linalg.norm(answer(packed) - expected) <= off * np.linalg.norm(expected)


def test_a_weight_beyond_half_precision_stays_as_it_is() -> None:
    """Batch norm scales a silent channel up by as much as it is silent; its weights were infinite in half precision."""
    model = onnx.load_from_string(network())
    kernel = numpy_helper.to_array(model.graph.initializer[0]).copy()
    kernel[3] *= 1e6
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(kernel, "kernel"))
    assert (weights_of(pack_weights(model.SerializeToString(), bits=16))["kernel"] == kernel).all()
    assert np.isfinite(weights_of(pack_weights(model.SerializeToString(), bits=8))["kernel"]).all()


def test_a_network_that_is_not_packed_stays_as_it_is() -> None:
    model = onnx.load_from_string(network())
    assert unpack_weights(model).SerializeToString() == onnx.load_from_string(network()).SerializeToString()
