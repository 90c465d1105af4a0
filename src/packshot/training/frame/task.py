"""The task ``frame``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import UNLICENSED, Item, open_items
from packshot.runtime import Dataset
from packshot.training.frame.data import FrameData
from packshot.training.frame.evaluator import FrameEvaluator
from packshot.training.frame.module import FrameModule
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.plan import Plan
from packshot.training.start import start_from, start_origins
from packshot.training.task import TrainingTask

__all__ = ["FRAME"]


class _Frame(TrainingTask[FrameRecipe]):
    recipe = FrameRecipe
    module = FrameModule
    checked_as = "frame"
    card_task = "frame"
    ships = "frame"

    def items(self, recipe: FrameRecipe, data: Path) -> list[Item]:
        items = open_items(data, task="frame", group=recipe.group)
        return [item for item in items if not (item.published and item.source in UNLICENSED)]

    def plan(self, recipe: FrameRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = FrameData(items, recipe)
        module = FrameModule(recipe.model_dump())
        if recipe.start_from:
            start_from(
                module, recipe.start_from, ships=self.ships, samples=lambda: data.samples(0), name=recipe.network_name
            )
        return Plan(module, data, lambda: data.samples(0), FrameEvaluator(data), gradient_clip=recipe.gradient_clip)

    def origins(self, recipe: FrameRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        return start_origins(recipe.start_from, ships=self.ships), ()


#: Finding frames around pictures.
FRAME = _Frame()
