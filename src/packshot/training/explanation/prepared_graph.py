"""What is changed in a network's graph before it is copied into torch: what is constant is made so."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from packshot.training.networks.packed_weights import unpack_weights

__all__ = ["prepared"]

_MOST = 4096  # numbers of a constant that is written out


def prepared(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with its weights unpacked and without constants that are made of a shape.

    Packed weights would be restored anew at each pass. Padding as torch exports it is calculated from constants of
    a known shape; onnxscript leaves those as they are, and what it would fold with them cannot be copied.
    """
    model = unpack_weights(model)
    known = {weight.name: weight for weight in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            value = next((each.t for each in node.attribute if each.name == "value"), None)
            known |= {} if value is None else {node.output[0]: value}
    kept = []
    for node in model.graph.node:
        constant = _constant(node, known)
        if constant is None:
            kept.append(node)
        else:
            model.graph.initializer.append(constant)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return model


def _constant(node: onnx.NodeProto, known: dict[str, onnx.TensorProto]) -> onnx.TensorProto | None:
    """What a node gives, where that is known and to be written out."""
    if node.op_type != "ConstantOfShape" or node.input[0] not in known:
        return None
    shape = numpy_helper.to_array(known[node.input[0]])
    if np.prod(shape) > _MOST:
        return None
    value = next((numpy_helper.to_array(each.t) for each in node.attribute if each.name == "value"), np.zeros(1))
    values = np.full(shape.tolist(), value[0], value.dtype if node.attribute else np.float32)
    return numpy_helper.from_array(values, node.output[0])
