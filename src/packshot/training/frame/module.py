"""Finding frames: the picture's and the sides' losses, and a temperature that makes the score a probability."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F
from torchmetrics import CatMetric, MeanMetric

from packshot.runtime.side_strips import DEPTH, REACH
from packshot.training.fit_module import FitModule
from packshot.training.frame.networks import FRAME_FINDERS
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.temperature import fit_temperature

__all__ = ["FrameModule", "side_loss", "side_targets"]

_SPREAD = 0.7  # rows; standard deviation of the target around a boundary
_CALIBRATION = 0  # place of the calibration samples among the validation loaders


class FrameModule(FitModule):
    """Trains a network that gives a frame's logit and, some of them, those of the sides.

    Args:
        recipe: the settings, as `FrameRecipe.model_dump` gives them.
    """

    headline = "accuracy"
    temperature: Tensor

    def __init__(self, recipe: Mapping[str, object]) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = parsed = FrameRecipe.model_validate(recipe)
        self.network = FRAME_FINDERS[parsed.network](parsed)
        self.outputs = ("framed", "sides") if parsed.network == "side-net" else ("framed",)
        self.register_buffer("temperature", torch.ones(()))
        self.loss, self.logits, self.truths = MeanMetric(), CatMetric(), CatMetric()
        self.calibration_logits, self.calibration_truths = CatMetric(), CatMetric()

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """The calibrated probability of a frame, float (n,), and, of some networks, the sides' (n, 4, 65)."""
        framed, *sides = self.network(image)
        return torch.sigmoid(framed / self.temperature), *(side.softmax(dim=-1) for side in sides)

    def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
        """One batch's loss."""
        framed, loss = self.answer(batch)
        right = ((framed >= 0) == (batch[1][:, 0] >= 0.5)).float().mean()
        self.log("train/loss", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(framed))
        self.log("train/accuracy", right, on_step=False, on_epoch=True, batch_size=len(framed))
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], _: int, dataloader_idx: int = 0) -> None:
        """Collect logits: of the calibration samples, and of those that choose the best weights."""
        framed, loss = self.answer(batch)
        if dataloader_idx == _CALIBRATION:
            self.calibration_logits.update(framed)
            self.calibration_truths.update(batch[1][:, 0])
            return
        self.loss.update(loss, len(framed))
        self.logits.update(framed)
        self.truths.update(batch[1][:, 0])

    def on_validation_epoch_end(self) -> None:
        """Fit the temperature, which goes into the checkpoint with the weights, and log the scores."""
        logits, truths = (metric.compute().reshape(-1) for metric in (self.calibration_logits, self.calibration_truths))
        self.temperature.fill_(fit_temperature(logits, truths))
        logits, truths = (metric.compute().reshape(-1) for metric in (self.logits, self.truths))
        self.log("validation/loss", self.loss.compute())
        self.log("validation/accuracy", ((logits >= 0) == (truths >= 0.5)).float().mean(), prog_bar=True)
        self.log("validation/temperature", self.temperature)
        for metric in (self.loss, self.logits, self.truths, self.calibration_logits, self.calibration_truths):
            metric.reset()

    def answer(self, batch: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """The frame logits of a batch, float (n,), and its loss."""
        image, target = batch
        framed, *sides = self.network(image.contiguous(memory_format=torch.channels_last))
        framed = framed.float()
        loss = F.binary_cross_entropy_with_logits(framed, target[:, 0])
        return framed, loss + sum(side_loss(side.float(), target[:, 1:]) for side in sides)


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
