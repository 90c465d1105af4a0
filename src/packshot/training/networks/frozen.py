"""Parts of a network that never learn."""

from __future__ import annotations

from typing import Self

from torch import nn

__all__ = ["FrozenParts"]


class FrozenParts(nn.Module):
    """A network that keeps some of its parts as they are, from the moment they are frozen.

    A frozen part neither learns nor behaves as one that does: its batch norms keep their statistics and its dropout
    lets everything through, whatever mode the network is in. PyTorch makes a module in training mode, and Lightning
    (from 2.2 on) begins a fit in the mode it finds, so it is not enough to see to that in `train`.
    """

    _frozen: tuple[nn.Module, ...] = ()

    def freeze_parts(self, *parts: nn.Module) -> None:
        """Stop parts from learning; those that were frozen before stay so."""
        self._frozen = (*self._frozen, *parts)
        for part in parts:
            part.requires_grad_(False)
            part.eval()

    def train(self, mode: bool = True) -> Self:
        """As `torch.nn.Module.train`, but for the frozen parts."""
        super().train(mode)
        for part in self._frozen:
            part.eval()
        return self
