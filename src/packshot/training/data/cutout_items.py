"""What the cutout network learns from: labels that no earlier network contradicts, and that network's own masks."""

from __future__ import annotations

from pathlib import Path

from packshot.datasets import Item, Split, disagreeing, open_items, pseudo_items
from packshot.errors import UsageError
from packshot.training.recipe import CutoutRecipe

__all__ = ["cutout_items"]

#: Public set -> folder of its photos, as `packshot cutout` was run on it; its masks lie in a folder named like the set.
_PHOTOS = {"ccp": "ccp/photos", "clothing": "clothing/images"}


def cutout_items(recipe: CutoutRecipe, root: Path) -> list[Item]:
    """All labelled pictures, and, where the recipe names ``pseudo_masks``, those that an earlier network labelled.

    The earlier network's masks do two things: photos without labels take part in the training under them, and
    training photos whose label they contradict (IoU below ``min_agreement``) are left out as badly labelled.

    Args:
        recipe: of the run.
        root: ``PACKSHOT_DATA``, or a shop's own folder.

    Raises:
        UsageError: no pictures, or the masks are not there.
    """
    items = open_items(root, task="segmentation", max_uncertain=recipe.max_uncertain)
    if not recipe.pseudo_masks:
        return items
    folder = Path(recipe.pseudo_masks)
    held_back = _held_back(root)
    more: list[Item] = []
    for name, photos in _PHOTOS.items():
        masks, log = folder / name, folder / f"{name}.jsonl"
        if not (masks.is_dir() and (root / photos).is_dir()):
            continue
        noisy = disagreeing([i for i in items if i.source == name], masks, below=recipe.min_agreement)
        items = [item for item in items if not (item.source == name and item.photo.stem in noisy)]
        known = [*open_items(root, task="segmentation", max_uncertain=1.0), *held_back]
        more += pseudo_items(
            root / photos,
            masks,
            labelled=known,
            log=log if log.is_file() else None,
            max_uncertainty=recipe.max_uncertainty,
            max_uncertain=recipe.max_uncertain,
            source="pseudo" if name == "ccp" else name,
        )
    if not more:
        remedy = f"make them first: packshot cutout {root / 'ccp/photos'} -o {folder / 'ccp'} --mask --json"
        raise UsageError(f"pseudo_masks {folder}: no folder named {' or '.join(_PHOTOS)} there", remedy=remedy)
    return [*items, *more]


def _held_back(root: Path) -> list[Item]:
    """Photos without masks that belong to another split all the same: garments of the set's own validation part."""
    if not (root / "clothing" / "labels.csv").is_file():
        return []
    labelled = open_items(root / "clothing", task="classification")
    return [item for item in labelled if item.split is not Split.TRAIN]
