"""What is changed in a network's graph before it is copied into torch: what is constant is made so."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

__all__ = ["prepared"]

_MOST = 4096  # numbers of a constant that is written out


def prepared(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network without casts of its weights and without constants that are made of a shape.

    Half-precision weights would be cast anew at each pass. Padding as torch exports it is calculated from constants of
    a known shape; onnxscript leaves those as they are, and what it would fold with them cannot be copied.
    """
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
    if not node.input or node.input[0] not in known:
        return None
    given = numpy_helper.to_array(known[node.input[0]])
    if node.op_type == "Cast":
        to = next(attribute.i for attribute in node.attribute if attribute.name == "to")
        values = np.asarray(given.astype(onnx.helper.tensor_dtype_to_np_dtype(to)))
        return numpy_helper.from_array(values, node.output[0])
    if node.op_type == "ConstantOfShape" and np.prod(given) <= _MOST:
        value = next((numpy_helper.to_array(each.t) for each in node.attribute if each.name == "value"), np.zeros(1))
        values = np.full(given.tolist(), value[0], value.dtype if node.attribute else np.float32)
        return numpy_helper.from_array(values, node.output[0])
    return None
