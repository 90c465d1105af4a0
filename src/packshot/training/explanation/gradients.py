"""Maps from gradients: what would change a network's answer if it changed.

Grad-CAM: Selvaraju et al. 2017. Grad-CAM++: Chattopadhay et al. 2018, equation 19 (third powers, as the score goes
through an exponential). LayerCAM: Jiang et al. 2021. Integrated gradients: Sundararajan, Taly and Yan 2017, by captum.
On a network whose answer is a mean over places of its last feature map, Grad-CAM of that map is the class-activation
map, cut at zero; an earlier layer (`layer`) shows finer parts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packshot.errors import ModelMismatch, UsageError
from packshot.runtime import Network
from packshot.training.explanation.torch_copy import TorchCopy
from packshot.values import Rgb

__all__ = ["GradientMaps"]

Heat = NDArray[np.float32]

_SMOOTH = 0.02  # deviation, of the longer side: single pixels carry no meaning to a person
_FEATURES = "features"  # the last feature map, as describing networks give it


class GradientMaps:
    """Makes maps of one network by one method.

    Args:
        network: as it is served; prepares the photos.
        path: of its ONNX file.
        method: ``grad-cam``, ``grad-cam++``, ``layer-cam`` or ``integrated-gradients``.
        layer: whose activations are weighed: a name or a number of `TorchCopy.layers`; by default the last feature map.
        output: the network's output with a number for each label.
        steps: of integrated gradients, from a grey picture to the photo.
        threads: of torch, from now on in the whole process; None leaves them as they are.

    Raises:
        ModelMismatch: the network cannot be copied into torch, or has no such layer by itself.
        UsageError: no such method or layer.
    """

    def __init__(
        self,
        network: Network,
        path: Path,
        method: str,
        *,
        layer: str | None = None,
        output: str = "logits",
        steps: int = 32,
        threads: int | None = None,
    ) -> None:
        if threads is not None:
            torch.set_num_threads(threads)
        self._network, self._copy, self._output, self._steps = network, TorchCopy(path), output, steps
        combine = {"grad-cam": _grad_cam, "grad-cam++": _grad_cam_plus, "layer-cam": _layer_cam}.get(method)
        if combine is None and method != "integrated-gradients":
            raise UsageError(f"no gradient method {method!r}", remedy="take grad-cam, grad-cam++ or layer-cam")
        self._combine: Callable[[Tensor, Tensor], Tensor] | None = combine
        self._layer = self._last() if layer is None else self._copy.layer(layer)
        if self._layer in self._copy.dense:
            raise UsageError(
                f"{path.name}: {layer} is a dense layer, whose units have no places in the photo",
                remedy=f"take a convolution, by a number from 0 to {len(self._copy.layers) - 1} or by name",
            )

    def __call__(self, rgb: Rgb, row: int) -> Heat:
        """The map of one label.

        Args:
            rgb: uint8 (h, w, 3).
            row: number of the label among the network's logits.

        Returns:
            float32 (h', w'), at the layer's size or, of integrated gradients, at the network's input size.
        """
        batch = torch.from_numpy(self._network.prepare(rgb))
        if self._combine is None:
            return self._integrated(batch, row)
        batch.requires_grad_()
        logits, features = self._copy(batch, [self._output, self._layer])
        gradients = torch.autograd.grad(logits[0, row], features)[0]
        return np.asarray(self._combine(features[0], gradients[0]).detach().numpy(), np.float32)

    def _last(self) -> str:
        """The last feature map."""
        if _FEATURES in self._copy.outputs:
            return _FEATURES
        if not self._copy.layers:
            raise ModelMismatch(
                f"{self._copy.path.name} has no convolution whose activations could be weighed",
                remedy="take a method that needs none: --method occlusion or --method rise",
            )
        return self._copy.layers[-1]

    def _integrated(self, batch: Tensor, row: int) -> Heat:
        """From a grey picture, which is zero after normalisation, to the photo."""
        from captum.attr import IntegratedGradients  # seconds to import, and the other methods need it not

        logits = IntegratedGradients(lambda each: self._copy(each, [self._output])[0][:, row])
        found = logits.attribute(batch, n_steps=self._steps, internal_batch_size=1)
        heat = np.asarray(found[0].sum(0).detach().numpy(), np.float32)
        return np.asarray(cv2.GaussianBlur(heat, (0, 0), _SMOOTH * max(heat.shape)), np.float32)


def _grad_cam(features: Tensor, gradients: Tensor) -> Tensor:
    """Each channel weighs by the mean of its gradient."""
    return torch.relu((gradients.mean(dim=(1, 2), keepdim=True) * features).sum(0))


def _grad_cam_plus(features: Tensor, gradients: Tensor) -> Tensor:
    """Each channel weighs by its positive gradients, those of rare activations more."""
    square, cube = gradients**2, gradients**3
    below = 2 * square + features.sum(dim=(1, 2), keepdim=True) * cube
    alpha = square / torch.where(below == 0, torch.ones_like(below), below)
    weights = (alpha * torch.relu(gradients)).sum(dim=(1, 2), keepdim=True)
    return torch.relu((weights * features).sum(0))


def _layer_cam(features: Tensor, gradients: Tensor) -> Tensor:
    """Each place of each channel weighs by its own positive gradient."""
    return torch.relu((torch.relu(gradients) * features).sum(0))
