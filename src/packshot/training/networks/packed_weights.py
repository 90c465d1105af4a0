"""Weights in an ONNX file that take half or a quarter of the room, and the way back to the numbers."""

from __future__ import annotations

from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

__all__ = ["Bits", "pack_weights", "unpack_weights"]

#: Of a stored weight: a half-precision number, or a whole number and a factor for each output channel.
Bits = Literal[8, 16]

_LARGEST = 127
_LARGEST_HALF = float(np.finfo(np.float16).max)
_TRANSPOSED = "ConvTranspose"  # whose weights are (in, out, ...)


def pack_weights(data: bytes, *, bits: Bits = 16, smallest: int = 1024) -> bytes:
    """Store each float32 weight of at least `smallest` numbers in fewer bits, with what restores it behind it.

    It costs nothing at run time: onnxruntime folds what restores the weights when the session is made, and computes in
    single precision. (`packshot.runtime.quantisation` is another thing: there the network computes in eight bits.)

    Args:
        data: an ONNX file whose weights are float32.
        bits: 16 keeps them to three digits, and those beyond 65,504 as they are; 8 to a 254th of the largest of their
            output channel, symmetric about 0.
        smallest: a bias is not worth it.
    """
    model = onnx.load_from_string(data)
    transposed = {node.input[1] for node in model.graph.node if node.op_type == _TRANSPOSED}
    restoring: list[onnx.NodeProto] = []
    stored: list[onnx.TensorProto] = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < smallest:
            stored.append(tensor)
            continue
        values = numpy_helper.to_array(tensor)
        if bits == 16 and np.abs(values).max() > _LARGEST_HALF:  # a channel that is all but silent, and so scaled up
            stored.append(tensor)
        elif bits == 16:
            stored.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}.half"))
            restoring.append(_cast(stored[-1].name, tensor.name))
        else:
            byte, whole, factor = (f"{tensor.name}.{name}" for name in ("byte", "whole", "factor"))
            numbers, factors = _whole(values, channels=1 if tensor.name in transposed or values.ndim == 2 else 0)
            stored += [numpy_helper.from_array(numbers, byte), numpy_helper.from_array(factors, factor)]
            restoring += [_cast(byte, whole), helper.make_node("Mul", [whole, factor], [tensor.name])]
    _replace(model, [*restoring, *model.graph.node], stored)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def unpack_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with its weights as numbers of its own: the way back from `pack_weights`, in place.

    Args:
        model: any; of one that is not packed nothing changes.
    """
    known = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes: list[onnx.NodeProto] = []
    packed: set[str] = set()
    for node in model.graph.node:
        if node.op_type not in {"Cast", "Mul"} or not all(name in known for name in node.input):
            nodes.append(node)
            continue
        first, *others = (numpy_helper.to_array(known[name]) for name in node.input)
        kind = next((each.i for each in node.attribute if each.name == "to"), None)
        values = first * others[0] if kind is None else first.astype(helper.tensor_dtype_to_np_dtype(kind))
        known[node.output[0]] = numpy_helper.from_array(np.asarray(values), node.output[0])
        packed.update(node.input)
    packed -= {name for node in nodes for name in node.input}
    _replace(model, nodes, [tensor for name, tensor in known.items() if name not in packed])
    return model


def _whole(values: NDArray[np.float32], *, channels: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers, and what each channel's are multiplied with: of the values' shape, and of one that broadcasts."""
    others = tuple(axis for axis in range(values.ndim) if axis != channels)
    factor = np.asarray(np.abs(values).max(axis=others, keepdims=True) / _LARGEST, np.float32)
    return np.rint(values / np.where(factor > 0, factor, 1)).astype(np.int8), factor


def _cast(given: str, result: str) -> onnx.NodeProto:
    return helper.make_node("Cast", [given], [result], to=TensorProto.FLOAT)


def _replace(model: onnx.ModelProto, nodes: list[onnx.NodeProto], weights: list[onnx.TensorProto]) -> None:
    nodes, weights = list(nodes), list(weights)
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(weights)
