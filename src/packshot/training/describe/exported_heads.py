"""The heads of a describing network as its card names them, calibrated on the validation pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from packshot.datasets import Described, Item
from packshot.heads import Head, calibrated, split_logits
from packshot.training.describe.module import DescribeModule
from packshot.training.describe.vocabulary import Vocabulary, taxonomy_of
from packshot.training.prediction import Predictor

__all__ = ["calibrated_heads"]


def calibrated_heads(module: DescribeModule, validation: Sequence[Item], *, side: int) -> tuple[Head, ...]:
    """The heads with temperatures and thresholds.

    Args:
        module: with its best weights.
        validation: pictures it did not learn from.
        side: of the input it will be served with, in pixels.
    """
    if not module.heads:
        return ()
    recipe = module.recipe
    items = [item for item in validation if isinstance(item, Described)]
    vocabulary = Vocabulary(module.heads, taxonomy_of(recipe))
    served = recipe.model_copy(update={"sizes": [*recipe.sizes[:-1], side]})
    predictor = Predictor(module, served, multiple=module.multiple)
    logits = np.stack([predictor.answers(item.rgb(), first=1)[0] for item in items])
    targets = np.stack([vocabulary.target(item) for item in items])
    parts = split_logits(module.heads, logits)
    return tuple(calibrated(head, parts[head.name], targets[:, vocabulary.slices[head.name]]) for head in module.heads)
