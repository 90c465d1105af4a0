"""Photos under masks that an earlier network made: more to learn from, and a second opinion on what was drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from packshot.datasets.folders import pictures_in
from packshot.datasets.items import Item, MaskKind, Split, read_alpha
from packshot.errors import UsageError

__all__ = ["disagreeing", "pseudo_items"]


def pseudo_items(
    photos: Path,
    masks: Path,
    *,
    labelled: Iterable[Item],
    log: Path | None = None,
    max_uncertainty: float = 0.05,
    max_uncertain: float = 0.06,
    source: str = "pseudo",
) -> list[Item]:
    """Photos without labels, with the masks an earlier network gave them: training only.

    Args:
        photos: folder of the photos; masks keep their relative paths.
        masks: where ``packshot cutout PHOTOS -o MASKS --mask`` wrote its PNGs.
        labelled: all labelled pictures, of every split: photos of these are left out.
        log: what the same command printed with ``--json``, one line a photo.
        max_uncertainty: masks that the log says are less certain are left out, 0..1.
        max_uncertain: masks with a larger share of half-transparent pixels (0.1..0.9) are left out.
        source: name of the items' set.

    Returns:
        The items, in the order of names; masks that cover less than 2 % are left out.

    Raises:
        UsageError: no mask there fits a photo, or the log or a mask cannot be read.
    """
    taken = {item.photo.resolve() for item in labelled}
    doubt = _uncertainties(log) if log else {}
    drawn = {mask.relative_to(masks).with_suffix(""): mask for mask in pictures_in(masks, deep=True)}
    found, items = 0, []
    for photo in pictures_in(photos, deep=True):
        mask = drawn.get(photo.relative_to(photos).with_suffix(""))
        if mask is None or photo.resolve() in taken:
            continue
        found += 1
        # A mask the log does not know is not known to be certain.
        if log and doubt.get(mask.name, 1.0) > max_uncertainty:
            continue
        alpha = read_alpha(mask)
        if np.mean((alpha > 0.1) & (alpha < 0.9)) <= max_uncertain and alpha.mean() >= 0.02:
            items.append(Item(source, Split.TRAIN, photo, mask, MaskKind.ALPHA))
    if not items:
        why = f"none of {found} masks is certain enough" if found else f"no mask of an unlabelled photo in {photos}"
        raise UsageError(f"{masks}: {why}", remedy="make them with packshot cutout --mask, or leave it out")
    return items


def disagreeing(items: Iterable[Item], masks: Path, *, below: float) -> set[str]:
    """Labelled training photos whose label an earlier network's mask contradicts: most likely noisy labels.

    Only training pictures are listed: what is chosen or reported by is never left out by a network's opinion.

    Args:
        items: labelled pictures.
        masks: where ``packshot cutout --mask`` wrote its PNGs, named like the photos.
        below: intersection over union of label and mask, both above 0.5, under which a photo is listed, 0..1.

    Returns:
        Stems of the photos; those without a mask there are not among them.

    Raises:
        UsageError: a picture cannot be read, or a mask has another size than its photo.
    """
    drawn = {mask.stem: mask for mask in pictures_in(masks, deep=True)}
    found = set()
    for item in items:
        mask = drawn.get(item.photo.stem)
        if item.split is not Split.TRAIN or mask is None:
            continue
        label, opinion = item.alpha() > 0.5, read_alpha(mask) > 0.5
        if label.shape != opinion.shape:
            raise UsageError(
                f"{mask}: {opinion.shape[1]} x {opinion.shape[0]} pixels, its photo {item.photo} has "
                f"{label.shape[1]} x {label.shape[0]}",
                remedy="make the masks anew from these photos",
            )
        union = int(np.count_nonzero(label | opinion))
        if union and np.count_nonzero(label & opinion) / union < below:
            found.add(item.photo.stem)
    return found


def _uncertainties(log: Path) -> dict[str, float]:
    """Name of a mask -> uncertainty; a photo that failed has none."""
    found: dict[str, float] = {}
    try:
        for line in log.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["output"] is not None:
                name = Path(row["output"]).name  # of two with one name in different folders, the less certain counts
                found[name] = max(float(row["uncertainty"]), found.get(name, 0.0))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{log}: not what `packshot cutout --mask --json` prints ({type(error).__name__}: {error})",
            remedy="make it with: packshot cutout PHOTOS -o MASKS --mask --json > masks.jsonl",
        ) from error
    return found
