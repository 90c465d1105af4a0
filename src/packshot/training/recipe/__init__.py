"""A recipe: a flat TOML file that says how a model is trained; its ``task`` decides which keys it has."""

from packshot.training.recipe.base import Precision, Recipe
from packshot.training.recipe.cutout import CutoutRecipe, Encoder
from packshot.training.recipe.describe import DescribeRecipe
from packshot.training.recipe.fitting import FitRecipe
from packshot.training.recipe.frame import FrameRecipe
from packshot.training.recipe.loading import load_grid, load_recipe, parse_recipe
from packshot.training.recipe.pictures import ClassificationRecipe, PictureRecipe, SegmentationRecipe

__all__ = [
    "ClassificationRecipe",
    "CutoutRecipe",
    "DescribeRecipe",
    "Encoder",
    "FitRecipe",
    "FrameRecipe",
    "PictureRecipe",
    "Precision",
    "Recipe",
    "SegmentationRecipe",
    "load_grid",
    "load_recipe",
    "parse_recipe",
]
