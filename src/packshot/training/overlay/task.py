"""The task ``overlay``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import UNLICENSED, Item, open_items
from packshot.runtime import Dataset
from packshot.training.callbacks.averaging import Averaging
from packshot.training.overlay.data import OverlayData
from packshot.training.overlay.evaluator import OverlayEvaluator
from packshot.training.overlay.module import OverlayModule
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.plan import Plan
from packshot.training.start import start_from, start_origins
from packshot.training.task import TrainingTask

__all__ = ["OVERLAY"]


class _Overlay(TrainingTask[OverlayRecipe]):
    recipe = OverlayRecipe
    module = OverlayModule
    checked_as = "frame"  # photos are all that is needed
    card_task = "overlay"
    ships = "overlay"

    def items(self, recipe: OverlayRecipe, data: Path) -> list[Item]:
        items = open_items(data, task="frame", group=recipe.group)
        return [item for item in items if not (item.published and item.source in UNLICENSED)]

    def plan(self, recipe: OverlayRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        data = OverlayData(items, recipe)
        module = OverlayModule(recipe.model_dump())
        if recipe.start_from:
            start_from(
                module, recipe.start_from, ships=self.ships, samples=lambda: data.samples(0), name=recipe.network_name
            )
        return Plan(
            module,
            data,
            lambda: data.samples(0),
            OverlayEvaluator(data),
            gradient_clip=recipe.gradient_clip,
            callbacks=(Averaging(recipe.ema_decay),),
        )

    def origins(self, recipe: OverlayRecipe) -> tuple[tuple[Dataset, ...], tuple[Dataset, ...]]:
        return start_origins(recipe.start_from, ships=self.ships), ()


#: Finding what was laid over photos.
OVERLAY = _Overlay()
