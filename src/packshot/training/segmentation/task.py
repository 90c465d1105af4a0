"""The task ``segmentation``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import Item, Split
from packshot.errors import UsageError
from packshot.training.data.loading import FitData, of_split, picture_items
from packshot.training.evaluators.masks import MaskEvaluator
from packshot.training.plan import Plan
from packshot.training.segmentation.data import MaskedPictures
from packshot.training.segmentation.module import SegmentationModule
from packshot.training.segmentation.recipe import SegmentationRecipe
from packshot.training.task import TrainingTask

__all__ = ["SEGMENTATION"]


class _Segmentation(TrainingTask[SegmentationRecipe]):
    recipe = SegmentationRecipe
    module = SegmentationModule
    card_task = "segmentation"

    def items(self, recipe: SegmentationRecipe, data: Path) -> list[Item]:
        return picture_items(recipe, data, task="segmentation")

    def plan(self, recipe: SegmentationRecipe, items: Sequence[Item], *, root: Path) -> Plan:
        module = SegmentationModule(recipe.model_dump())
        data = FitData(
            items,
            recipe,
            pictures=lambda some, epoch: MaskedPictures(some, recipe, multiple=module.multiple, epoch=epoch),
        )
        evaluator = MaskEvaluator({split: of_split(items, split) for split in Split})
        clip = recipe.gradient_clip
        return Plan(module, data, data.first_samples, evaluator, gradient_clip=clip, originals=data.originals)

    def refuse_export(self, recipe: SegmentationRecipe) -> None:
        if recipe.network == "maskrcnn":
            raise UsageError(
                "maskrcnn is a baseline and is not exported",
                remedy="export tiramisu, unet or cutout, or score it by train",
            )


#: Separating product and background with a published network.
SEGMENTATION = _Segmentation()
