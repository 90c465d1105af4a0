"""What the cut-out network learns from, and what chooses its weights."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets import Item, Split, open_items, render_items, taught_items
from packshot.training.recipe import CutoutRecipe

__all__ = ["cutout_items"]

#: Public sets that weights which ship do not learn from: the one states no licence, the masks of the other were made by
#: a network trained on data for research only (docs/decisions/0021-lineage.md). They still choose and report.
_NOT_LEARNT = frozenset({"people", "clothing"})


def cutout_items(recipe: CutoutRecipe, root: Path) -> list[Item]:
    """All labelled pictures, those a teacher labelled, and renders.

    Args:
        recipe: of the run.
        root: ``PACKSHOT_DATA``, or a shop's own folder.

    Raises:
        UsageError: no pictures, or what the recipe names is not there.
    """
    own = open_items(root, task="segmentation")
    items = [item for item in own if not (item.source in _NOT_LEARNT and item.published and item.split is Split.TRAIN)]
    items = [item for item in items if not (item.source == "clothing" and item.published)]
    for table in recipe.taught:
        photos = Path(recipe.objects) if recipe.objects else None
        items += taught_items(Path(table), photos)
    return [*items, *(render_items(Path(recipe.renders)) if recipe.renders else [])]
