"""The tasks there are: one table, and the one way from a recipe to its task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packshot.datasets import Item
from packshot.training.classification.task import CLASSIFICATION
from packshot.training.cutout.task import CUTOUT
from packshot.training.describe.task import DESCRIBE
from packshot.training.frame.task import FRAME
from packshot.training.module import TrainedModule
from packshot.training.overlay.task import OVERLAY
from packshot.training.plan import Plan
from packshot.training.recipe import Recipe
from packshot.training.segmentation.task import SEGMENTATION
from packshot.training.task import TrainingTask

__all__ = ["TASKS", "items_for", "load_module", "plan_for", "task_of"]

#: A task of any recipe; `TrainingTask.recipe` is the type that its methods take.
AnyTask = TrainingTask[Any]

#: By the word that stands as ``task`` in a recipe.
TASKS: Mapping[str, AnyTask] = {
    "cutout": CUTOUT,
    "segmentation": SEGMENTATION,
    "classification": CLASSIFICATION,
    "frame": FRAME,
    "describe": DESCRIBE,
    "overlay": OVERLAY,
}


def task_of(recipe: Recipe) -> AnyTask:
    """The task of a recipe."""
    return TASKS[recipe.task]


def items_for(recipe: Recipe, data: Path) -> list[Item]:
    """The pictures a recipe asks for; see `TrainingTask.items`.

    Raises:
        UsageError: there are none, or not of that kind; or a set the recipe names is not there.
    """
    return task_of(recipe).items(recipe, data)


def plan_for(recipe: Recipe, items: Sequence[Item], *, root: Path) -> Plan:
    """What a recipe amounts to on given pictures; see `TrainingTask.plan`.

    Raises:
        UsageError: too few pictures, one class only, weights that cannot be had.
    """
    return task_of(recipe).plan(recipe, items, root=root)


def load_module(checkpoint: Path, recipe: Recipe) -> TrainedModule:
    """A trained network, on the CPU and in evaluation mode; see `TrainingTask.load`.

    Raises:
        UsageError: the file is damaged, or a checkpoint of another architecture.
    """
    return task_of(recipe).load(checkpoint, recipe)
