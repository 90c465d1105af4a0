"""The task ``frame``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import UNLICENSED, Item, open_items
from packshot.training.checkpoint_start import start_from_checkpoint
from packshot.training.frame.data import FrameData
from packshot.training.frame.evaluator import FrameEvaluator
from packshot.training.frame.module import FrameModule
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.plan import Plan
from packshot.training.task import TrainingTask

__all__ = ["FRAME"]


class _Frame(TrainingTask[FrameRecipe]):
    recipe = FrameRecipe
    module = FrameModule
    checked_as = "frame"
    card_task = "frame"

    def items(self, recipe: FrameRecipe, data: Path) -> list[Item]:
        items = open_items(data, task="frame", group=recipe.group)
        return [item for item in items if not (item.published and item.source in UNLICENSED)]

    def plan(self, recipe: FrameRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = FrameData(items, recipe)
        module = FrameModule(recipe.model_dump())
        if recipe.start_from:
            start_from_checkpoint(module, recipe.start_from, name=recipe.network_name)
        return Plan(module, data, lambda: data.samples(0), FrameEvaluator(data), gradient_clip=recipe.gradient_clip)


#: Finding frames around pictures.
FRAME = _Frame()
