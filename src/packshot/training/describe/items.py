"""The pictures a describing recipe learns from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.datasets import Described, Split, described_items, with_cutouts, worn_items
from packshot.training.describe.recipe import DescribeRecipe

__all__ = ["describe_items", "products_kept_out"]


def describe_items(recipe: DescribeRecipe, data: Path) -> list[Described]:
    """The described pictures of a folder or table, without what the recipe keeps out.

    Raises:
        UsageError: there are none.
    """
    items = described_items(data, attributes=recipe.attributes, group=recipe.group)
    if not (recipe.taxonomy or recipe.tags or recipe.embedding):  # a set without the attribute teaches nothing
        items = [item for item in items if item.attributes]
    kept_out = products_kept_out(items, recipe.keep_out) if recipe.keep_out else set()
    items = [item for item in items if item.product not in kept_out]
    worn = worn_items(data, Split.TRAIN) if recipe.worn and data.is_dir() else []
    return [*(with_cutouts(items, Path(recipe.cutouts)) if recipe.cutouts else items), *worn]


def products_kept_out(items: Sequence[Described], part: str) -> set[str]:
    """Those of one part of the products, dealt in the order of their names: of "2/5" the second, the seventh, ...

    Args:
        items: of which some may have no product.
        part: as `DescribeRecipe.keep_out` has it.
    """
    chosen, parts = map(int, part.split("/"))
    return set(sorted({item.product for item in items if item.product})[chosen - 1 :: parts])
