"""What the cut-out network learns from, and what chooses its weights."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets import UNLICENSED, Item, Split, open_items, outlined_items, render_items, taught_items
from packshot.training.cutout.recipe import CutoutRecipe

__all__ = ["cutout_items"]

# Masks made by a network trained on data for research only neither teach nor choose (docs/decisions/0021-lineage.md);
# a set that states no licence does not teach, but chooses and reports.
_NOT_USED = "clothing"


def cutout_items(recipe: CutoutRecipe, root: Path) -> list[Item]:
    """All labelled pictures, those that were outlined or that a teacher labelled, and renders.

    Args:
        recipe: of the run.
        root: ``PACKSHOT_DATA``, or a shop's own folder.

    Raises:
        UsageError: no pictures, or what the recipe names is not there.
    """
    own = open_items(root, task="segmentation", group=recipe.group)
    items = [
        item
        for item in own
        if not item.published
        or not (item.source == _NOT_USED or (item.source in UNLICENSED and item.split is Split.TRAIN))
    ]
    for table in recipe.taught:
        photos = (root, *([Path(recipe.objects)] if recipe.objects else []))
        items += taught_items(Path(table), photos, agreement=recipe.agreement, undecided=recipe.undecided)
    for table in recipe.outlined:
        items += outlined_items(Path(table))
    return [*items, *(render_items(Path(recipe.renders)) if recipe.renders else [])]
