"""Re-ranking: of the items that look like a photo, those of its category first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packshot.catalogue.store import Hit

__all__ = ["reranked"]

#: Of a re-ranked score, the part that is the category's; chosen on validation photos (docs/decisions/0019).
CATEGORY_SHARE = 1 / 3


def reranked(hits: Sequence[Hit], chances: Mapping[str, float]) -> list[Hit]:
    """Order hits by looks and category together.

    The score becomes ``(2 * cosine + chance) / 3``. An item's chance is the probability that the photo is of the item's
    category; of an item whose category is not known, or not to the network, nothing speaks against it: 1.

    Args:
        hits: of the photo.
        chances: category to its probability, 0..1: those of the photo, as `packshot.values.Answer.chances` has them.

    Returns:
        The hits with their new scores, highest first; of equal scores, what came first stays first.

    Example:
        >>> hits = [Hit("a", "a.jpg", 0.8, ("food", "milk")), Hit("b", "b.jpg", 0.7, ("food", "juice"))]
        >>> [(hit.id, round(hit.score, 2)) for hit in reranked(hits, {"food": 1.0, "milk": 0.1, "juice": 0.9})]
        [('b', 0.77), ('a', 0.57)]
    """
    scored = [replace(hit, score=_joined(hit.score, _chance(hit.category, chances))) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)


def _joined(cosine: float, chance: float) -> float:
    return (1 - CATEGORY_SHARE) * cosine + CATEGORY_SHARE * chance


def _chance(category: Sequence[str], chances: Mapping[str, float]) -> float:
    """Of the deepest category that is known."""
    return next((chances[name] for name in reversed(category) if name in chances), 1.0)
