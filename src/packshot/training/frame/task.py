"""The task ``frame``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import Item
from packshot.training.drawn.task import DrawnTask
from packshot.training.frame.data import FrameData
from packshot.training.frame.evaluator import FrameEvaluator
from packshot.training.frame.module import FrameModule
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.plan import Plan

__all__ = ["FRAME"]


class _Frame(DrawnTask[FrameRecipe]):
    recipe = FrameRecipe
    module = FrameModule
    card_task = "frame"
    ships = "frame"

    def plan(self, recipe: FrameRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = FrameData(items, recipe)
        module = FrameModule(recipe.model_dump())
        self.begin(module, recipe, data)
        return Plan(module, data, lambda: data.samples(0), FrameEvaluator(data), gradient_clip=recipe.gradient_clip)


#: Finding frames around pictures.
FRAME = _Frame()
