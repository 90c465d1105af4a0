"""From a photo to a trained network's answer, by the preprocessing that serves."""

from __future__ import annotations

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packshot.runtime import View
from packshot.runtime.preprocessing import normalise, resize
from packshot.runtime.side_strips import strip_sheet
from packshot.training.data.pictures import pad
from packshot.training.recipe import Recipe
from packshot.values import Alpha, Rgb

__all__ = ["Predictor"]


class Predictor:
    """Asks a network about one photo at a time.

    Args:
        module: whose ``forward`` gives probabilities.
        recipe: that says what a photo is resized to.
        multiple: height and width of the input are padded to it.
    """

    def __init__(self, module: lightning.LightningModule, recipe: Recipe, *, multiple: int) -> None:
        self.module, self.recipe, self.multiple = module, recipe, multiple

    def answers(self, rgb: Rgb, *, first: int | None = None) -> list[NDArray[np.float32]]:
        """What the outputs of the network say of a photo.

        Args:
            rgb: uint8 (h, w, 3).
            first: only the first so many outputs; those behind them may be the same for all photos.

        Returns:
            float32 arrays without the batch, in the order of the module's outputs.
        """
        if self.recipe.view is View.SIDE_STRIPS:
            pixels = strip_sheet(rgb)
        else:
            pixels = pad(resize(rgb, size=self.recipe.input_size(rgb.shape)), self.multiple)
        mean, std = self.recipe.normalisation
        image = torch.from_numpy(normalise(pixels, mean=mean, std=std))
        was_training = self.module.training
        self.module.eval()
        with torch.inference_mode():
            answer = self.module(image[None].to(self.module.device))
        self.module.train(was_training)
        return [_single(output) for output in (answer if isinstance(answer, tuple) else (answer,))[:first]]

    def alpha(self, rgb: Rgb) -> Alpha:
        """The first answer as the mask of a photo: float32 (h, w), 0..1, in the photo's own size."""
        width, height = self.recipe.input_size(rgb.shape)
        inside = np.ascontiguousarray(self.answers(rgb)[0][0, :height, :width])
        return resize(inside, size=(rgb.shape[1], rgb.shape[0])).clip(0, 1)


def _single(output: Tensor) -> NDArray[np.float32]:
    return np.asarray(output[0].float().cpu().numpy(), np.float32)
