"""The pictures a describing recipe learns from."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets import Described, Split, described_items, with_cutouts, worn_items
from packshot.training.describe.recipe import DescribeRecipe

__all__ = ["describe_items"]


def describe_items(recipe: DescribeRecipe, data: Path) -> list[Described]:
    """The described pictures of a folder or table, without what the recipe keeps out.

    Raises:
        UsageError: there are none.
    """
    items = described_items(data, attributes=recipe.attributes, group=recipe.group)
    if not (recipe.taxonomy or recipe.tags or recipe.embedding):  # a set without the attribute teaches nothing
        items = [item for item in items if item.attributes]
    products = sorted({item.product for item in items if item.product})
    kept_out = (
        set(products[:: max(1, len(products) // recipe.keep_out)][: recipe.keep_out]) if recipe.keep_out else set()
    )
    items = [item for item in items if item.product not in kept_out]
    worn = worn_items(data, Split.TRAIN) if recipe.worn and data.is_dir() else []
    return [*(with_cutouts(items, Path(recipe.cutouts)) if recipe.cutouts else items), *worn]
