"""A fully convolutional network that takes pictures of any height and width: it pads and crops by itself."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["AnySize"]


class AnySize(nn.Module):
    """Pads a picture at the right and at the bottom up to the network's multiple, and crops the answer.

    The border is mirrored, its last row and column doubled, as `packshot.training.data.pictures.pad` does in training.

    Args:
        network: float (n, 3, h, w) to maps (n, c, h, w); h and w multiples of `multiple`.
        multiple: in pixels.
    """

    def __init__(self, network: nn.Module, *, multiple: int) -> None:
        super().__init__()
        self.network, self.multiple = network, multiple

    def forward(self, image: Tensor) -> Tensor:
        """Maps of the picture's own size, float (n, c, h, w), of a normalised float (n, 3, h, w)."""
        # Sizes as tensors: the exported graph calculates them anew for each picture.
        shape = torch._shape_as_tensor(image)
        height, width = shape[2], shape[3]
        padded = image.index_select(2, self._mirrored(height)).index_select(3, self._mirrored(width))
        answer: Tensor = self.network(padded)
        return answer[:, :, :height, :width]

    def _mirrored(self, side: Tensor) -> Tensor:
        """Places of the rows, or columns, that a padded side is made of: int64 (padded,)."""
        above = torch.div(side + self.multiple - 1, self.multiple, rounding_mode="floor") * self.multiple
        places = torch.arange(above)  # type: ignore[call-overload]  # a tensor is a number to the tracer
        back = (2 * side - 1 - places).clamp(min=0)
        return torch.where(places < side, places, back)
