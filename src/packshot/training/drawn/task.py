"""What the tasks share whose pictures are drawn on photos while a network learns."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, TypeVar

from packshot.datasets import UNLICENSED, Item, Task, open_items
from packshot.runtime import Dataset
from packshot.training.drawn.data import DrawnData
from packshot.training.drawn.recipe import DrawnRecipe
from packshot.training.module import TrainedModule
from packshot.training.start import start_from, start_origins
from packshot.training.task import TrainingTask

__all__ = ["DrawnTask"]

AnyDrawn = TypeVar("AnyDrawn", bound=DrawnRecipe)
Picture = TypeVar("Picture")


class DrawnTask(TrainingTask[AnyDrawn]):
    """A task that learns from what it draws on photos: of these it needs no labels, and a licence."""

    checked_as: ClassVar[Task] = "frame"

    def items(self, recipe: AnyDrawn, data: Path) -> list[Item]:
        """See `TrainingTask.items`."""
        items = open_items(data, task="frame", group=recipe.group)
        return [item for item in items if not (item.published and item.source in UNLICENSED)]

    def begin(self, module: TrainedModule, recipe: AnyDrawn, data: DrawnData[Picture]) -> None:
        """Give a network the weights that its recipe begins with, where it names some.

        Raises:
            UsageError: see `packshot.training.start.start_from`.
        """
        if recipe.start_from:
            start_from(
                module, recipe.start_from, ships=self.ships, samples=lambda: data.samples(0), name=recipe.network_name
            )

    def origins(self, recipe: AnyDrawn) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        """See `TrainingTask.origins`."""
        return start_origins(recipe.start_from, ships=self.ships), ()
