"""What the loop, the scores and the export ask of a network that is trained."""

from __future__ import annotations

import lightning
from torch import nn

__all__ = ["TrainedModule"]


class TrainedModule(lightning.LightningModule):
    """A network with its loss, scores and optimiser, one subclass a task.

    Names of attributes that hold tensors are part of every checkpoint: a new name breaks runs that were begun before.

    Attributes:
        headline: name of the validation score that chooses the best weights; more is better.
        outputs: names of what `forward` gives, as in the exported file.
        network: the network.
    """

    headline: str
    outputs: tuple[str, ...]
    network: nn.Module

    @property
    def fused(self) -> bool:
        """Whether the optimiser may use its fused kernels, which are the quickest.

        They undo the loss scaling of mixed precision by themselves, so Lightning refuses to clip gradients beside them.
        """
        return self._trainer is None or self.trainer.precision == "32-true"

    @property
    def multiple(self) -> int:
        """Height and width of a picture divide by it."""
        return int(self.network.multiple)  # type: ignore[arg-type]  # nn.Module knows only tensors and modules
