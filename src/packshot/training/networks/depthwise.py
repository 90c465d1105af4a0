"""Depthwise convolutions whose gradients are not slow in half precision on a processor."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx

__all__ = ["DepthwiseConv2d", "quicken_depthwise"]


class DepthwiseConv2d(nn.Conv2d):
    """A depthwise convolution that computes in the precision of autocast, and its gradients in single precision.

    On a processor, oneDNN has no kernel for the gradients of a depthwise convolution in bfloat16 where its window is
    larger than 3 or its stride larger than 1, and takes one that is 5 to 90 times slower than in single precision:
    two thirds of a training step of an EfficientNet. Where it has a kernel, nothing is gained by this class.
    """

    def forward(self, x: Tensor) -> Tensor:
        """As the convolution it replaces: float (n, c, h, w) to (n, c, h', w')."""
        weight, bias = self.weight, self.bias
        if torch.is_autocast_enabled("cpu"):
            dtype = torch.get_autocast_dtype("cpu")
            x, weight = x.to(dtype), weight.to(dtype)
            bias = None if bias is None else bias.to(dtype)
        out: Tensor = _Depthwise.apply(x, weight, (self.stride, self.padding, self.dilation))  # type: ignore[no-untyped-call]
        return out if bias is None else out + bias[:, None, None]


def quicken_depthwise(network: nn.Module) -> None:
    """Make the network's depthwise convolutions that have no quick gradient in bfloat16 `DepthwiseConv2d`, in place.

    Weights and their names stay as they are.
    """
    for module in network.modules():
        if type(module) is nn.Conv2d and module.groups == module.in_channels > 1 and _is_slow(module):
            module.__class__ = DepthwiseConv2d


def _is_slow(conv: nn.Conv2d) -> bool:
    zeros = conv.padding_mode == "zeros" and not isinstance(conv.padding, str)
    return zeros and (max(conv.stride) > 1 or max(conv.kernel_size) > 3)


class _Context(FunctionCtx):
    saved_tensors: tuple[Tensor, Tensor]
    needs_input_grad: tuple[bool, ...]
    geometry: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: _Context, x: Tensor, weight: Tensor, geometry: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    ) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.geometry = geometry
        stride, padding, dilation = geometry
        return torch.conv2d(x, weight, None, stride, padding, dilation, x.shape[1])

    @staticmethod
    def backward(ctx: _Context, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        x, weight = ctx.saved_tensors
        of_x, of_weight, _ = torch.ops.aten.convolution_backward(
            gradient.float(),
            x.float(),
            weight.float(),
            None,
            *ctx.geometry,
            False,  # not transposed
            (0, 0),
            x.shape[1],
            (*ctx.needs_input_grad[:2], False),
        )
        return _as(of_x, x), _as(of_weight, weight), None


def _as(gradient: Tensor | None, of: Tensor) -> Tensor | None:
    return None if gradient is None else gradient.to(of.dtype)
