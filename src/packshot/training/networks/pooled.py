"""Classifiers whose last features are averaged over the picture and weighed once: they have class-activation maps."""

from __future__ import annotations

from torch import Tensor, nn

__all__ = ["PooledClassifier"]


class PooledClassifier(nn.Module):
    """Features, their mean over the picture, one linear layer (Zhou et al. 2016, arXiv:1512.04150).

    Because nothing stands between the mean and the linear layer, a class's activation map is the last features
    weighed with the class's row (`packshot.explanation.activation_maps`): no second pass, no gradient. The mean over a
    map and the bias of its class are the class's logit.

    Args:
        features: float (n, 3, h, w) to (n, channels, h', w').
        head: channels to classes.
        multiple: height and width of the input divide by it.
    """

    def __init__(self, *, features: nn.Module, head: nn.Linear, multiple: int) -> None:
        super().__init__()
        self.features, self.head, self.multiple = features, head, multiple

    def forward(self, image: Tensor) -> Tensor:
        """Class logits, float (n, classes), of a normalised float (n, 3, h, w)."""
        return self.head(self.features(image).mean(dim=(2, 3)))
