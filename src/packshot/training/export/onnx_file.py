"""A torch network as the bytes of an ONNX file."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import torch
from torch import nn

__all__ = ["to_onnx"]


class _Bare(nn.Module):
    """The forward pass alone: the tracer would walk through a LightningModule's trainer and logger."""

    def __init__(self, task: nn.Module) -> None:
        super().__init__()
        self.task = task

    def forward(self, image: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, ...]:
        answer: torch.Tensor | tuple[torch.Tensor, ...] = self.task(image)
        return answer


def to_onnx(task: nn.Module, *, size: tuple[int, int], outputs: Sequence[str], any_size: bool = False) -> bytes:
    """Trace a network; the batch stays free.

    Args:
        task: float (n, 3, h, w) to probabilities.
        size: (width, height) of the input in pixels.
        outputs: their names, as many as the network gives.
        any_size: leave height and width free too; the network's outputs are maps of the input's size.
    """
    free = {0: "n", 2: "h", 3: "w"} if any_size else {0: "n"}
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The tracer warns of its own retirement; its output is smaller and free of function bodies.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Bare(task).eval(),
            (torch.zeros(1, 3, size[1], size[0]),),
            buffer,  # type: ignore[arg-type]  # the tracer takes a stream; its annotation forgot
            input_names=["image"],
            output_names=list(outputs),
            dynamic_axes=dict.fromkeys(("image", *outputs), free),
            opset_version=17,
            dynamo=False,
        )
    return buffer.getvalue()
