"""The type of each task's recipes; imports nothing of torch, so that a slip in a recipe is told at once."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.training.classification.recipe import ClassificationRecipe
from packshot.training.cutout.recipe import CutoutRecipe
from packshot.training.describe.recipe import DescribeRecipe
from packshot.training.frame.recipe import FrameRecipe
from packshot.training.overlay.recipe import OverlayRecipe
from packshot.training.recipe import Recipe
from packshot.training.segmentation.recipe import SegmentationRecipe

__all__ = ["RECIPE_TYPES"]

#: By the word that stands as ``task`` in a recipe; `packshot.training.registry` has their tasks.
RECIPE_TYPES: Mapping[str, type[Recipe]] = {
    "cutout": CutoutRecipe,
    "segmentation": SegmentationRecipe,
    "classification": ClassificationRecipe,
    "frame": FrameRecipe,
    "describe": DescribeRecipe,
    "overlay": OverlayRecipe,
}
