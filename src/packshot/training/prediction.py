"""From a photo to a trained network's answer, by the preprocessing that serves."""

from __future__ import annotations

import lightning
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packshot.runtime import View
from packshot.runtime.preprocessing import normalise, resize
from packshot.runtime.side_strips import band_widths, strip_sheet
from packshot.training.data.pictures import pad
from packshot.training.recipe import Recipe
from packshot.values import Alpha, Rgb

__all__ = ["Predictor"]


class Predictor:
    """Asks a task about one photo at a time.

    Args:
        task: whose ``forward`` gives probabilities.
        recipe: that says what a photo is resized to.
        multiple: height and width of the input are padded to it.
    """

    def __init__(self, task: lightning.LightningModule, recipe: Recipe, *, multiple: int) -> None:
        self.task, self.recipe, self.multiple = task, recipe, multiple

    def alpha(self, rgb: Rgb) -> tuple[Alpha, None]:
        """The mask of a photo: float32 (h, w), 0..1, in the photo's own size; no uncertainty."""
        width, height = self.recipe.input_size(rgb.shape)
        inside = np.ascontiguousarray(self._ask(rgb)[0][0, :height, :width])
        return resize(inside, size=(rgb.shape[1], rgb.shape[0])).clip(0, 1), None

    def classes(self, rgb: Rgb) -> NDArray[np.float32]:
        """The probability of each class: float32 (classes,)."""
        return self._ask(rgb)[0]

    def frame(self, rgb: Rgb) -> tuple[float, NDArray[np.float32] | None]:
        """The probability of a frame, and its width at left, top, right and bottom, where the network says so.

        Returns:
            0..1, and float32 (4,), fractions of the photo's width or height; None from a network of one answer.
        """
        framed, *sides = self._ask(rgb)
        return float(framed), band_widths(sides[0]) if sides else None

    def description(self, rgb: Rgb) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Logits (labels,), embedding (d,) and last feature map (c, h, w) of a describing network."""
        logits, embedding, features, _ = self._outputs(rgb)  # the last is the same for all photos
        return _first(logits), _first(embedding), _first(features)

    def _ask(self, rgb: Rgb) -> list[NDArray[np.float32]]:
        return [_first(output) for output in self._outputs(rgb)]

    def _outputs(self, rgb: Rgb) -> tuple[Tensor, ...]:
        if self.recipe.view is View.SIDE_STRIPS:
            pixels = strip_sheet(rgb)
        else:
            pixels = pad(resize(rgb, size=self.recipe.input_size(rgb.shape)), self.multiple)
        mean, std = self.recipe.normalisation
        image = torch.from_numpy(normalise(pixels, mean=mean, std=std))
        was_training = self.task.training
        self.task.eval()
        with torch.inference_mode():
            answer = self.task(image[None].to(self.task.device))
        self.task.train(was_training)
        return answer if isinstance(answer, tuple) else (answer,)


def _first(output: Tensor) -> NDArray[np.float32]:
    """Of a batch of one."""
    return np.asarray(output[0].float().cpu().numpy(), np.float32)
