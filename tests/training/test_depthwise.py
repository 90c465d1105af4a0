"""Depthwise convolutions with quick gradients are the convolutions they replace."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from packshot.training.networks.depthwise import DepthwiseConv2d, quicken_depthwise


def _gradients(conv: nn.Conv2d, picture: torch.Tensor, *, half: bool) -> list[torch.Tensor]:
    leaf = picture.clone().requires_grad_()
    conv.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        out = conv(leaf)
    torch.manual_seed(1)
    out.backward(torch.randn(out.shape).to(out.dtype))
    assert leaf.grad is not None
    return [out.detach().float(), leaf.grad, *(p.grad for p in conv.parameters() if p.grad is not None)]


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(5, 1, 1), (3, 2, 1), (5, 2, 2)])
def test_same_values_and_gradients(*, kernel: int, stride: int, dilation: int, bias: bool) -> None:
    torch.manual_seed(0)
    plain = nn.Conv2d(8, 8, kernel, stride, dilation * (kernel // 2), dilation, groups=8, bias=bias)
    quick = copy.deepcopy(plain)
    quicken_depthwise(quick)
    assert isinstance(quick, DepthwiseConv2d)
    picture = torch.randn(2, 8, 15, 12)
    truth = _gradients(plain, picture, half=False)
    for found, exact in zip(_gradients(quick, picture, half=False), truth, strict=True):
        torch.testing.assert_close(found, exact)
    for found, exact in zip(_gradients(quick, picture, half=True), truth, strict=True):
        assert (found - exact).norm() < 0.01 * exact.norm()  # bfloat16 keeps eight binary digits


def test_only_what_is_slow_is_replaced_and_weights_keep_their_names() -> None:
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, 2, 1),  # not depthwise
        nn.Conv2d(8, 8, 3, 1, 1, groups=8),  # quick as it is
        nn.Conv2d(8, 8, 5, 1, 2, groups=8),
        nn.Conv2d(8, 8, 5, 1, "same", groups=8),  # padding that depends on the picture
    )
    before = {name: value.clone() for name, value in network.state_dict().items()}
    quicken_depthwise(network)
    assert [type(module) is DepthwiseConv2d for module in network] == [False, False, True, False]
    after = network.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)
