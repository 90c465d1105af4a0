"""Lightning's view of each task: loss, scores, optimiser; and the way back from a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packshot.errors import UsageError
from packshot.training.recipe import (
    ClassificationRecipe,
    CutoutRecipe,
    DescribeRecipe,
    FrameRecipe,
    Recipe,
    SegmentationRecipe,
)
from packshot.training.tasks.classification import Classification
from packshot.training.tasks.cutout import Cutout
from packshot.training.tasks.describe import Describe
from packshot.training.tasks.frame import FrameTask
from packshot.training.tasks.segmentation import Segmentation

__all__ = ["Classification", "Cutout", "Describe", "FrameTask", "Segmentation", "Task", "load_task"]

Task = Classification | Cutout | Describe | FrameTask | Segmentation


def load_task(checkpoint: Path, recipe: Recipe) -> Task:
    """A trained task, on the CPU and in evaluation mode; nothing is unpickled.

    Args:
        checkpoint: ``best.ckpt`` or ``last.ckpt`` of a run folder.
        recipe: that the run was started with.

    Raises:
        UsageError: the file is damaged, or a checkpoint of another architecture.
    """
    kinds: dict[type[Recipe], type[Any]] = {
        CutoutRecipe: Cutout,
        SegmentationRecipe: Segmentation,
        ClassificationRecipe: Classification,
        FrameRecipe: FrameTask,
        DescribeRecipe: Describe,
    }
    options = {"pretrained": False} if isinstance(recipe, CutoutRecipe | DescribeRecipe) else {}
    try:
        task: Task = kinds[type(recipe)].load_from_checkpoint(
            checkpoint, map_location="cpu", weights_only=True, **options
        )
    except Exception as error:  # a foreign or damaged file fails in many ways, none of them the reader's to decode
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise UsageError(
            f"{checkpoint}: not a checkpoint of {recipe.network_name}, or damaged ({first})",
            remedy="name a run folder of this recipe",
        ) from error
    return task.eval()
