"""Finding frames: the picture's and the sides' losses."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from packshot.runtime.side_strips import DEPTH, REACH
from packshot.training.drawn.module import BatchAnswer, YesNoModule
from packshot.training.drawn.samples import Tensors
from packshot.training.frame.networks import FRAME_FINDERS
from packshot.training.frame.recipe import FrameRecipe

__all__ = ["FrameModule", "side_loss", "side_targets"]

_SPREAD = 0.7  # rows; standard deviation of the target around a boundary


class FrameModule(YesNoModule):
    """Trains a network that gives a frame's logit and, some of them, those of the sides.

    Args:
        recipe: the settings, as `FrameRecipe.model_dump` gives them.
    """

    def __init__(self, recipe: Mapping[str, object]) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = parsed = FrameRecipe.model_validate(recipe)
        self.network = FRAME_FINDERS[parsed.network](parsed)
        self.outputs = ("framed", "sides") if parsed.network == "side-net" else ("framed",)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """The calibrated probability of a frame, float (n,), and, of some networks, the sides' (n, 4, 65)."""
        framed, *sides = self.network(image)
        return torch.sigmoid(framed / self.temperature), *(side.softmax(dim=-1) for side in sides)

    def answer(self, batch: Tensors) -> BatchAnswer:
        """Whether there is a frame; the loss is also of the sides, where the network gives them."""
        image, target = batch
        framed, *sides = self.network(image.contiguous(memory_format=torch.channels_last))
        framed, truths = framed.float(), target[:, 0]
        loss = F.binary_cross_entropy_with_logits(framed, truths)
        return BatchAnswer(framed, truths, loss + sum(side_loss(side.float(), target[:, 1:]) for side in sides))


def side_loss(logits: Tensor, widths: Tensor) -> Tensor:
    """Cross-entropy with `side_targets`, averaged over the sides whose width is known; 0 where none is.

    Args:
        logits: float (n, 4, 65).
        widths: float (n, 4), fractions of the picture's width or height; nan where unknown.
    """
    known = widths.isfinite()
    soft = side_targets(widths.nan_to_num())
    loss = -(soft * logits.log_softmax(dim=-1)).sum(dim=-1)
    return (loss * known).sum() / known.sum().clamp(min=1)


def side_targets(widths: Tensor) -> Tensor:
    """A Gaussian around each boundary, or all on "no band".

    Args:
        widths: float (n, 4), fractions of the picture's width or height, 0 for no band.

    Returns:
        float (n, 4, 65), each row's sum 1.
    """
    rows = (widths / REACH * DEPTH).clamp(max=DEPTH)[..., None]
    places = torch.arange(1, DEPTH + 1, device=widths.device)
    around = torch.exp(-0.5 * ((places - rows) / _SPREAD) ** 2)
    around = around / around.sum(dim=-1, keepdim=True)
    band = (widths > 0).float()[..., None]
    return torch.cat([1 - band, band * around], dim=-1)
