"""How much a hit stands out: what is nearest among many that are nearly as near says less than what stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packshot.catalogue.store import Hit

__all__ = ["RIVALS", "match_score"]

#: So many of the nearest other products count.
RIVALS = 10
_SHARE = 0.3  # of their mean cosine; chosen on validation garments (docs/decisions/0080)


def match_score(best: Hit, hits: Sequence[Hit], skus: Mapping[str, str], *, usual: float) -> float:
    """The score of the best hit, less what the nearest other products take from it.

    Of two shirts in a photo's place, each as near to it as the other is, neither is sure. Speaker verification knows
    this as the normalisation of scores by a cohort (Auckenthaler, Carey and Lloyd-Thomas 2000); here the cohort is the
    catalogue itself.

    Args:
        best: the hit, with its score, which may be re-ranked.
        hits: of the same query, by their cosines, nearest first.
        skus: id of an item to its SKU, where it has one: several photos of one product count once, those of the best
            one's product not at all.
        usual: the mean cosine of the `RIVALS` nearest other products where the threshold was fitted. It stands in for
            those that a small catalogue lacks; rivals as near as that leave the score as it is.

    Example:
        >>> hits = [Hit("a", "a.jpg", 0.9), Hit("b", "b.jpg", 0.8), Hit("c", "c.jpg", 0.8)]
        >>> round(match_score(hits[0], hits, {}, usual=0.6), 3)
        0.888
        >>> round(match_score(hits[0], hits, {"a": "1", "b": "1"}, usual=0.6), 3)
        0.894
    """
    nearest: dict[str, float] = {}
    for hit in hits:
        nearest.setdefault(_product(hit, skus), hit.score)
    nearest.pop(_product(best, skus), None)
    nearer = sum(cosine - usual for cosine in list(nearest.values())[:RIVALS]) / RIVALS
    return best.score - _SHARE * nearer


def _product(hit: Hit, skus: Mapping[str, str]) -> str:
    """A name for what a hit shows: its SKU, or, of which nobody said one, itself."""
    return f"sku {skus[hit.id]}" if hit.id in skus else f"item {hit.id}"
