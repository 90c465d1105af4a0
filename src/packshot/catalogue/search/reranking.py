"""Re-ranking: of the items that look like a photo, those of its category first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packshot.catalogue.store import Hit

__all__ = ["CATEGORY_SHARE", "reranked"]

#: Of a re-ranked score, the part that is the category's, where a card says no other; chosen on validation photos
#: (docs/decisions/0019, 0050).
CATEGORY_SHARE = 1 / 3


def reranked(hits: Sequence[Hit], chances: Mapping[str, float], *, share: float = CATEGORY_SHARE) -> list[Hit]:
    """Order hits by looks and category together.

    The score becomes ``(1 - share) * cosine + share * chance``. An item's chance is the probability that the photo is
    of the item's category. Of an item whose category is not known, or not to the network, nothing is said, and its
    score stays the cosine: it gains as little by that as it loses.

    Args:
        hits: of the photo.
        chances: category to its probability, 0..1: those of the photo, as `packshot.values.Answer.chances` has them.
        share: the part of the score that is the category's, 0..1; see `packshot.runtime.MatchRule.share_for`.

    Returns:
        The hits with their new scores, highest first; of equal scores, what came first stays first.

    Example:
        >>> hits = [Hit("a", "a.jpg", 0.8, ("food", "milk")), Hit("b", "b.jpg", 0.7, ("food", "juice"))]
        >>> [(hit.id, round(hit.score, 2)) for hit in reranked(hits, {"food": 1.0, "milk": 0.1, "juice": 0.9})]
        [('b', 0.77), ('a', 0.57)]
    """
    scored = [replace(hit, score=_joined(hit, chances, share)) for hit in hits]
    return sorted(scored, key=lambda hit: -hit.score)


def _joined(hit: Hit, chances: Mapping[str, float], share: float) -> float:
    """With the chance of the deepest category that is known."""
    chance = next((chances[name] for name in reversed(hit.category) if name in chances), hit.score)
    return (1 - share) * hit.score + share * chance
