"""What recipes of several tasks share; each task has its own recipe type in its own folder."""

from packshot.training.recipe.base import Precision, Recipe, Triple
from packshot.training.recipe.fitting import FitRecipe
from packshot.training.recipe.pictures import PictureRecipe
from packshot.training.recipe.staged import Encoder, StagedRecipe

__all__ = ["Encoder", "FitRecipe", "PictureRecipe", "Precision", "Recipe", "StagedRecipe", "Triple"]
