"""The task ``overlay``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import Item
from packshot.training.callbacks.averaging import Averaging
from packshot.training.drawn.task import DrawnTask
from packshot.training.overlay.data import OverlayData
from packshot.training.overlay.evaluator import OverlayEvaluator
from packshot.training.overlay.module import OverlayModule
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.plan import Plan

__all__ = ["OVERLAY"]


class _Overlay(DrawnTask[OverlayRecipe]):
    recipe = OverlayRecipe
    module = OverlayModule
    card_task = "overlay"
    ships = "overlay"

    def plan(self, recipe: OverlayRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = OverlayData(items, recipe)
        module = OverlayModule(recipe.model_dump())
        self.begin(module, recipe, data)
        return Plan(
            module,
            data,
            lambda: data.samples(0),
            OverlayEvaluator(data),
            gradient_clip=recipe.gradient_clip,
            callbacks=(Averaging(recipe.ema_decay),),
        )


#: Finding what was laid over photos.
OVERLAY = _Overlay()
