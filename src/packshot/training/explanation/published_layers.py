"""Layers by the names under which they were published: VGG-16 and VGG-19.

Simonyan and Zisserman 2015 (table 1, configurations D and E): five blocks of 3 x 3 convolutions, whose channels double
from block to block. The names are those of Keras, which the published car study used: ``block1_conv1`` and so on, each
after its ReLU. An ONNX file names its tensors as it likes, so a VGG is told by its shape.
"""

from __future__ import annotations

from collections.abc import Mapping

import onnx

__all__ = ["vgg_layers"]

_BLOCKS = ((2, 2, 3, 3, 3), (2, 2, 4, 4, 4))  # VGG-16, VGG-19
_GROWTH = (1, 2, 4, 8, 8)  # channels of a block, in those of the first


def vgg_layers(model: onnx.ModelProto) -> Mapping[str, str]:
    """Published name to the tensor after its ReLU; nothing where the network is no VGG.

    Args:
        model: read, with its weights as initializers.
    """
    shapes = {weight.name: tuple(weight.dims) for weight in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    sizes = [shapes.get(node.input[1], ()) for node in convolutions]
    if not sizes or any(len(size) != 4 or size[2:] != (3, 3) for size in sizes):
        return {}
    active = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type == "Relu"}
    for blocks in _BLOCKS:
        expected = [growth * sizes[0][0] for count, growth in zip(blocks, _GROWTH, strict=True) for _ in range(count)]
        if [size[0] for size in sizes] == expected:
            names = [f"block{b}_conv{c}" for b, count in enumerate(blocks, 1) for c in range(1, count + 1)]
            outputs = [active.get(node.output[0], node.output[0]) for node in convolutions]
            return dict(zip(names, outputs, strict=True))
    return {}
