"""Back from the file that ships to a network that can learn on: a shop starts from our weights, not from ImageNet's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from packshot.errors import UsageError
from packshot.training.networks.cutout_net import CutoutNet

__all__ = ["load_onnx_weights", "restore_statistics"]

_Kernel = tuple[NDArray[np.float32], NDArray[np.float32] | None]


def load_onnx_weights(network: CutoutNet, path: Path) -> None:
    """Give a network the weights of its own exported file; the auxiliary heads, which that lacks, stay as they are.

    An exported convolution holds its batch norm folded in. It is put back as the kernel, its bias as the batch norm's,
    and the batch norm is made the identity; `restore_statistics` makes it a batch norm that can train again.

    Args:
        network: of the architecture that was exported.
        path: an ONNX file that ``packshot export`` wrote, not quantised.

    Raises:
        UsageError: not such a file, or of another architecture.
    """
    try:
        kernels = _kernels(path)
    except Exception as error:  # protobuf and onnx fail in many ways on a foreign file
        raise UsageError(
            f"{path}: no convolutions can be read from it", remedy="name a float .onnx file of packshot export"
        ) from error
    order, norms = _order(network)
    shapes = [tuple(conv.weight.shape) for conv in order]
    found = [kernel.shape for kernel, _ in kernels]
    if shapes != found:
        raise UsageError(
            f"{path}: {len(found)} convolutions of another architecture, expected {len(shapes)}",
            remedy="name a file of the same encoder, for example with --set encoder=efficientnet_lite0",
        )
    with torch.no_grad():
        for conv, (kernel, bias) in zip(order, kernels, strict=True):
            conv.weight.copy_(torch.from_numpy(kernel))
            shift = torch.zeros(len(kernel)) if bias is None else torch.from_numpy(bias)
            norm = norms.get(conv)
            if norm is not None:
                nn.init.ones_(norm.weight)
                norm.bias.copy_(shift)
                _tensor(norm.running_mean).zero_()
                _tensor(norm.running_var).fill_(1 - norm.eps)
            elif conv.bias is not None:
                conv.bias.copy_(shift)


def restore_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Give each batch norm the mean and variance of what it sees, and the scale and shift that undo them.

    The network's answers stay the same; in training mode, too, its batch norms then change little at the start.

    Args:
        network: any.
        batches: float (n, 3, h, w) each, pictures like those to come.
    """
    sums: dict[nn.BatchNorm2d, tuple[int, Tensor, Tensor]] = {}

    def add(norm: nn.Module, inputs: tuple[Tensor, ...], _: Tensor) -> None:
        assert isinstance(norm, nn.BatchNorm2d)  # noqa: S101 - hooked to no other
        x = inputs[0].double()
        zeros = torch.zeros(x.shape[1], dtype=x.dtype)
        count, total, squares = sums.get(norm, (0, zeros, zeros))
        count += x.shape[0] * x.shape[2] * x.shape[3]
        sums[norm] = count, total + x.sum(dim=(0, 2, 3)), squares + (x * x).sum(dim=(0, 2, 3))

    hooks = [m.register_forward_hook(add) for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
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


def _kernels(path: Path) -> list[_Kernel]:
    """Kernel and bias of each convolution in the order of the graph."""
    graph = onnx.load(path).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    casts = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast"}

    def read(name: str) -> NDArray[np.float32]:
        return np.array(numpy_helper.to_array(stored[casts.get(name, name)]), np.float32)

    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    return [(read(n.input[1]), read(n.input[2]) if len(n.input) > 2 else None) for n in convolutions]


def _order(network: CutoutNet) -> tuple[list[nn.Conv2d], dict[nn.Conv2d, nn.BatchNorm2d]]:
    """Convolutions in the order they run, and the batch norm behind each; without the auxiliary heads."""
    order: list[nn.Conv2d] = []
    norms: dict[nn.Conv2d, nn.BatchNorm2d] = {}

    def passed(module: nn.Module, *_: object) -> None:
        if isinstance(module, nn.Conv2d):
            order.append(module)
        elif isinstance(module, nn.BatchNorm2d):
            norms[order[-1]] = module

    hooks = [
        module.register_forward_hook(passed)
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.BatchNorm2d) and not name.startswith("auxiliary")
    ]
    network.eval()
    with torch.no_grad():
        network(torch.zeros(1, 3, 64, 64))
    for hook in hooks:
        hook.remove()
    return order, norms


def _tensor(value: Tensor | None) -> Tensor:
    assert value is not None  # noqa: S101 - our batch norms track their statistics
    return value
