"""What fixtures give that make recipes."""

from __future__ import annotations

from typing import Protocol

from packshot.training.classification.recipe import ClassificationRecipe


class ClassRecipes(Protocol):
    """Makes the recipe of a classifier that trains in seconds, but for what is changed."""

    def __call__(self, **changes: object) -> ClassificationRecipe: ...
