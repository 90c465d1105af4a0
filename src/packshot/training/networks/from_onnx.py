"""Back from the file that ships to a network that can learn on: a shop starts from our weights, not from ImageNet's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from packshot.counting import counted
from packshot.errors import UsageError
from packshot.training.networks.packed_weights import unpack_weights

__all__ = ["load_onnx_weights", "restore_statistics"]

_PREFIX = "task.network."  # of a network's parameters in the files of `packshot export`
_OTHERS = "task."  # what was fitted after the training and is exported beside the network
_UNSEEN = "auxiliary"  # heads that only training has

_Array = NDArray[np.float32]


def load_onnx_weights(network: nn.Module, path: Path, *, like: Tensor) -> None:
    """Give a network the weights of its own exported file; the auxiliary heads, which that lacks, stay as they are.

    Most parameters have their names in the file. An exported convolution holds its batch norm folded in and lost its
    name, as a matrix without a bias did: these are told by their order. The convolution is put back as the kernel, its
    bias as the batch norm's, and the batch norm is made the identity; `restore_statistics` makes it a batch norm that
    can train again.

    Args:
        network: of the architecture that was exported.
        path: an ONNX file that ``packshot export`` wrote, not quantised.
        like: float (n, 3, h, w), pictures as the network takes them.

    Raises:
        UsageError: not such a file, or of another architecture.
    """
    try:
        stored = _Stored(path)
    except Exception as error:  # protobuf and onnx fail in many ways on a foreign file
        raise UsageError(
            f"{path}: no weights can be read from it", remedy="name a float .onnx file of packshot export"
        ) from error
    order, norms = _order(network, like)
    wanted = {name: value for name, value in network.named_parameters() if not name.startswith(_UNSEEN)}
    found: dict[str, _Array] = {name: stored.named[name] for name in wanted if name in stored.named}
    for kind, unnamed in stored.unnamed.items():
        layers = [each for each in order if isinstance(each[1], _LAYERS[kind]) and f"{each[0]}.weight" not in found]
        if len(layers) != len(unnamed):
            raise _another(path, f"{counted(len(unnamed), 'layer')} of the kind {kind}, expected {len(layers)}")
        for (name, layer), (weight, bias) in zip(layers, unnamed, strict=True):
            found[f"{name}.weight"] = weight
            norm = norms.get(layer)
            if norm is not None:
                shift = np.zeros(len(weight), np.float32) if bias is None else bias
                found |= {f"{norm}.weight": np.ones(len(weight), np.float32), f"{norm}.bias": shift}
            elif bias is not None:
                found[f"{name}.bias"] = bias
    different = [name for name, value in wanted.items() if name not in found or value.shape != found[name].shape]
    if different:
        raise _another(
            path, f"{len(different)} of {counted(len(wanted), 'weight')} differ in shape, the first is {different[0]}"
        )
    with torch.no_grad():
        for name, value in wanted.items():
            value.copy_(torch.from_numpy(found[name]))
        for name in norms.values():
            norm_layer = network.get_submodule(name)
            assert isinstance(norm_layer, _BatchNorm)  # noqa: S101 - `_order` lists no other
            _tensor(norm_layer.running_mean).zero_()
            _tensor(norm_layer.running_var).fill_(1 - norm_layer.eps)


def restore_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Give each batch norm the mean and variance of what it sees, and the scale and shift that undo them.

    The network's answers stay the same; in training mode, too, its batch norms then change little at the start.

    Args:
        network: any.
        batches: float (n, 3, h, w) each, pictures like those to come.
    """
    sums: dict[_BatchNorm, tuple[int, Tensor, Tensor]] = {}

    def add(norm: nn.Module, inputs: tuple[Tensor, ...], _: Tensor) -> None:
        assert isinstance(norm, _BatchNorm)  # noqa: S101 - hooked to no other
        x = inputs[0].double().transpose(0, 1).flatten(1)  # (channels, all else)
        zeros = torch.zeros(len(x), dtype=x.dtype)
        count, total, squares = sums.get(norm, (0, zeros, zeros))
        sums[norm] = count + x.shape[1], total + x.sum(dim=1), squares + (x * x).sum(dim=1)

    hooks = [m.register_forward_hook(add) for m in network.modules() if isinstance(m, _BatchNorm)]
    network.eval()
    with torch.no_grad():
        for batch in batches:
            network(batch)
        for hook in hooks:
            hook.remove()
        for norm, (count, total, squares) in sums.items():
            mean = (total / count).float()
            variance = (squares / count - (total / count) ** 2).clamp(min=1e-6).float()
            scale = norm.weight / torch.sqrt(_tensor(norm.running_var) + norm.eps)
            norm.bias.add_(scale * (mean - _tensor(norm.running_mean)))
            norm.weight.copy_(scale * torch.sqrt(variance + norm.eps))
            _tensor(norm.running_mean).copy_(mean)
            _tensor(norm.running_var).copy_(variance)


#: Operators that hold weights, and the layers they were.
_LAYERS: dict[str, tuple[type[nn.Module], ...]] = {"Conv": (nn.Conv1d, nn.Conv2d), "MatMul": (nn.Linear,)}


class _Stored:
    """The weights in a file.

    Attributes:
        named: those of the network that kept their names.
        unnamed: operator to weight and bias of those that did not, in the order of the graph.
    """

    def __init__(self, path: Path) -> None:
        graph = unpack_weights(onnx.load(path)).graph
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self.named = {
            name.removeprefix(_PREFIX): self._read(name) for name in self._tensors if name.startswith(_PREFIX)
        }
        self.unnamed: dict[str, list[tuple[_Array, _Array | None]]] = {
            kind: list(self._unnamed(node for node in graph.node if node.op_type == kind)) for kind in _LAYERS
        }

    def _unnamed(self, nodes: Iterable[onnx.NodeProto]) -> Iterator[tuple[_Array, _Array | None]]:
        for node in nodes:
            weight = node.input[1]
            if weight not in self._tensors or weight.startswith(_OTHERS):
                continue
            if node.op_type == "MatMul":
                yield self._read(weight).T.copy(), None  # exported as (in, out)
            else:
                yield self._read(weight), self._read(node.input[2]) if len(node.input) > 2 else None

    def _read(self, name: str) -> _Array:
        return np.array(numpy_helper.to_array(self._tensors[name]), np.float32)


def _order(network: nn.Module, like: Tensor) -> tuple[list[tuple[str, nn.Module]], dict[nn.Module, str]]:
    """Convolutions and matrices in the order they run, and the name of the batch norm behind each that has one."""
    order: list[tuple[str, nn.Module]] = []
    norms: dict[nn.Module, str] = {}
    names = {module: name for name, module in network.named_modules()}
    watched = (nn.Conv1d, nn.Conv2d, nn.Linear, _BatchNorm)

    def passed(module: nn.Module, *_: object) -> None:
        if isinstance(module, _BatchNorm):
            norms[order[-1][1]] = names[module]
        else:
            order.append((names[module], module))

    hooks = [
        module.register_forward_hook(passed)
        for name, module in network.named_modules()
        if isinstance(module, watched) and not name.startswith(_UNSEEN)
    ]
    network.eval()
    with torch.no_grad():
        network(like)
    for hook in hooks:
        hook.remove()
    return order, norms


def _another(path: Path, what: str) -> UsageError:
    return UsageError(
        f"{path}: of another architecture: {what}",
        remedy="name a file of the same network, for example with --set encoder=efficientnet_lite0",
    )


def _tensor(value: Tensor | None) -> Tensor:
    assert value is not None  # noqa: S101 - our batch norms track their statistics
    return value
