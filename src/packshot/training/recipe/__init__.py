"""A recipe: a flat TOML file that says how a model is trained; its ``task`` decides which keys it has."""

from packshot.training.recipe.base import Precision, Recipe
from packshot.training.recipe.cutout import CutoutRecipe, Encoder
from packshot.training.recipe.fitting import ClassificationRecipe, FitRecipe, SegmentationRecipe
from packshot.training.recipe.loading import load_recipe, parse_recipe

__all__ = [
    "ClassificationRecipe",
    "CutoutRecipe",
    "Encoder",
    "FitRecipe",
    "Precision",
    "Recipe",
    "SegmentationRecipe",
    "load_recipe",
    "parse_recipe",
]
