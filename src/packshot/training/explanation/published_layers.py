"""Layers by the names under which they were published: of the networks that the published recipes train.

An ONNX file names its tensors as it likes, so a network is told by its shape: the kinds and kernels of its layers in
order, and how their channels grow. Each name means the tensor after the layer's ReLU, where one follows at once.

- VGG-16 and VGG-19 (Simonyan and Zisserman 2015, table 1, D and E): five blocks of 3 x 3 convolutions whose channels
  double. ``block3_conv1`` is Keras' name, which the published car study used, ``conv3_1`` the authors', of Caffe;
  ``fc6`` to ``fc8`` the dense layers. In VGG-16 with class-activation maps (Zhou et al. 2016) the last convolution is
  ``CAM_conv`` and the last layer ``CAM_fc``, as in the authors' files.
- AlexNet (Krizhevsky et al. 2012): ``conv1`` to ``conv5``, ``fc6`` to ``fc8``, as in Caffe.
- U-Net (Ronneberger et al. 2015, figure 1, which names no layers): ``down1_conv1`` at the photo to ``down5_conv2`` at
  the bottom, then ``up1_upconv``, ``up1_conv1``, ``up1_conv2`` to ``up4_conv2``, and ``out_conv1`` to the mask.
- FC-DenseNet (Jégou et al. 2017, table 2, in its words): ``first_conv``, ``dense_block1_layer1`` to the last layer of
  the eleventh block (the sixth is the bottleneck), ``transition_down1``, ``transition_up1``, ``last_conv``.
- Chains of pooled convolutions before dense layers, as `cnn3` and the published frame network: ``conv1``, ``dense1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import onnx

__all__ = ["dense_layers", "published_layers"]

_BLOCKS = ((2, 2, 3, 3, 3), (2, 2, 4, 4, 4))  # VGG-16, VGG-19
_GROWTH = (1, 2, 4, 8, 8)  # channels of a block, in those of the first
_SIDES = "0123456789AB"  # kind of a convolution by its kernel's side
_DENSE = "Gemm", "MatMul"
_POOLS = "MaxPool", "AveragePool"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer with weights.

    Attributes:
        kind: ``3`` of a 3 x 3 convolution, ``B`` of an 11 x 11 one, ``T`` of a transposed one, ``G`` of a dense layer.
        units: that it gives.
        output: its tensor, after its ReLU if one follows at once.
    """

    kind: str
    units: int
    output: str


def published_layers(model: onnx.ModelProto) -> Mapping[str, str]:
    """Published name to tensor; nothing of a network that was not published, or is not known by its shape.

    Args:
        model: read, with its weights as initializers.
    """
    layers = _layers(model)
    for names in (_vgg(layers), _alexnet(layers), _unet(layers), _dense_net(layers), _chain(layers, model)):
        if names:
            return names
    return {}


def dense_layers(model: onnx.ModelProto) -> frozenset[str]:
    """Tensors of dense layers, whose units have no places in the photo."""
    return frozenset(layer.output for layer in _layers(model) if layer.kind == "G")


def _layers(model: onnx.ModelProto) -> list[_Layer]:
    shapes = {weight.name: tuple(weight.dims) for weight in model.graph.initializer}
    active = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type == "Relu"}
    found = []
    for node in model.graph.node:
        shape = shapes.get(node.input[1], ()) if len(node.input) > 1 else ()
        output = active.get(node.output[0], node.output[0]) if node.output else ""
        if node.op_type == "Conv" and len(shape) == 4:
            known = shape[2] == shape[3] and shape[2] < len(_SIDES)
            found.append(_Layer(_SIDES[shape[2]] if known else "?", shape[0], output))
        elif node.op_type == "ConvTranspose" and len(shape) == 4:
            found.append(_Layer("T", shape[1], output))
        elif node.op_type in _DENSE and len(shape) == 2:
            across = node.op_type == "Gemm" and any(each.name == "transB" and each.i for each in node.attribute)
            found.append(_Layer("G", shape[0] if across else shape[1], output))
    return found


def _kinds(layers: Iterable[_Layer]) -> str:
    return "".join(layer.kind for layer in layers)


def _named(names: Iterable[str], layers: Iterable[_Layer]) -> dict[str, str]:
    return dict(zip(names, (layer.output for layer in layers), strict=True))


def _vgg(layers: list[_Layer]) -> dict[str, str]:
    kinds = _kinds(layers)
    for blocks in _BLOCKS:
        count = sum(blocks)
        growths = [growth for n, growth in zip(blocks, _GROWTH, strict=True) for _ in range(n)]
        expected = [growth * layers[0].units for growth in growths] if layers else []
        if not kinds.startswith("3" * count) or [layer.units for layer in layers[:count]] != expected:
            continue
        rest = {"": [], "G": ["fc"], "GGG": ["fc6", "fc7", "fc8"], "3G": ["CAM_conv", "CAM_fc"]}.get(kinds[count:])
        if rest is None:
            continue
        places = [(block, at) for block, n in enumerate(blocks, 1) for at in range(1, n + 1)]
        keras = _named([f"block{block}_conv{at}" for block, at in places], layers[:count])
        caffe = _named([f"conv{block}_{at}" for block, at in places], layers[:count])
        return keras | caffe | _named(rest, layers[count:])
    return {}


def _alexnet(layers: list[_Layer]) -> dict[str, str]:
    if _kinds(layers) != "B5333GGG":
        return {}
    return _named(["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"], layers)


def _unet(layers: list[_Layer]) -> dict[str, str]:
    kinds = _kinds(layers)
    if not re.fullmatch("3333333333(233){4}(31|1)", kinds):
        return {}
    down = [f"down{level}_conv{at}" for level in range(1, 6) for at in (1, 2)]
    up = [f"up{level}_{part}" for level in range(1, 5) for part in ("upconv", "conv1", "conv2")]
    return _named([*down, *up, *(f"out_conv{at}" for at in range(1, len(kinds) - len(down) - len(up) + 1))], layers)


def _dense_net(layers: list[_Layer]) -> dict[str, str]:
    kinds = _kinds(layers)
    if not re.fullmatch("3(3+1)+3+(T3+)+1", kinds) or kinds.count("1") - 1 != kinds.count("T"):
        return {}
    names, block, at = ["first_conv"], 1, 0
    for kind in kinds[1:-1]:
        if kind == "3":
            at += 1
            names.append(f"dense_block{block}_layer{at}")
        else:
            names.append(f"transition_down{block}" if kind == "1" else f"transition_up{block - kinds.count('T')}")
            block, at = block + 1, 0
    return _named([*names, "last_conv"], layers)


def _chain(layers: list[_Layer], model: onnx.ModelProto) -> dict[str, str]:
    kinds = _kinds(layers)
    found = re.fullmatch(r"((?:3+|5+|7+))(G{1,2})", kinds)
    pools = sum(node.op_type in _POOLS for node in model.graph.node)
    if not found or pools != len(found[1]):
        return {}
    names = [f"conv{at}" for at in range(1, len(found[1]) + 1)]
    return _named([*names, *(f"dense{at}" for at in range(1, len(found[2]) + 1))], layers)
