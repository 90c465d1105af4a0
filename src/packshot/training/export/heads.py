"""The heads of a describing network as its card names them, calibrated on the validation pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from packshot.datasets import Described, Item
from packshot.runtime import Head, split_logits
from packshot.training.calibration import calibrated
from packshot.training.prediction import Predictor
from packshot.training.recipe import DescribeRecipe
from packshot.training.tasks import Describe
from packshot.training.vocabulary import Vocabulary, taxonomy_of

__all__ = ["calibrated_heads"]


def calibrated_heads(
    task: Describe, recipe: DescribeRecipe, validation: Sequence[Item], *, side: int
) -> tuple[Head, ...]:
    """The heads with temperatures and thresholds.

    Args:
        task: with its best weights.
        recipe: of the run.
        validation: pictures it did not learn from.
        side: of the input it will be served with, in pixels.
    """
    if not task.heads:
        return ()
    items = [item for item in validation if isinstance(item, Described)]
    vocabulary = Vocabulary(task.heads, taxonomy_of(recipe))
    served = recipe.model_copy(update={"sizes": [*recipe.sizes[:-1], side]})
    predictor = Predictor(task, served, multiple=task.multiple)
    logits = np.stack([predictor.description(item.rgb())[0] for item in items])
    targets = np.stack([vocabulary.target(item) for item in items])
    parts = split_logits(task.heads, logits)
    return tuple(calibrated(head, parts[head.name], targets[:, vocabulary.slices[head.name]]) for head in task.heads)
