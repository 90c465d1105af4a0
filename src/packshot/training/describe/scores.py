"""How well a describing network answers, in numbers: per set, per head, and of the embedding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packshot.datasets import Described
from packshot.evaluation import average_precision
from packshot.heads import Head, HeadKind, head_probabilities, split_logits
from packshot.training.describe.vocabulary import Vocabulary

__all__ = ["STUDIO", "describe_scores", "leaf_answers", "studio_ranks"]

#: The set whose pictures the others' products are looked for among.
STUDIO = "studio"

Numbers = NDArray[np.float32]


def describe_scores(
    vocabulary: Vocabulary, items: Sequence[Described], logits: Numbers, embeddings: Numbers
) -> dict[str, float]:
    """The figures that choose the best weights, each 0..1, more is better.

    Args:
        vocabulary: whose heads.
        items: n pictures; studio ones are only searched among.
        logits: float32 (n, labels).
        embeddings: float32 (n, d), each of length 1.

    Returns:
        ``accuracy_SET`` of the leaves of each set, ``ap_NAME`` of an attribute's rarer value (``accuracy_NAME`` with
        more than two), ``tags_map`` over the tags that occur, ``recall_at_1`` of products among the studio pictures,
        or, without these, ``same_product_at_1``: how often a photo's nearest other shows its product; those for which
        there is something to score.
    """
    scores: dict[str, float] = {}
    parts = split_logits(vocabulary.heads, logits) if vocabulary.heads else {}
    targets = np.stack([vocabulary.target(item) for item in items])
    for head in vocabulary.heads:
        target = targets[:, vocabulary.slices[head.name]]
        found = head_probabilities(head, parts[head.name])
        if head.kind is HeadKind.TREE:
            scores |= _tree_scores(head, items, target, found)
        elif head.kind is HeadKind.TAGS:
            rows = [place for place, item in enumerate(items) if item.tags]
            there = [t for t in range(target.shape[1]) if rows and target[rows, t].any()]
            if there:
                precisions = [average_precision(found[rows, t], target[rows, t] == 1) for t in there]
                scores["tags_map"] = float(np.mean(precisions))
        else:
            scores |= _choice_scores(head, target, found)
    ranks = studio_ranks(items, embeddings)
    if len(ranks):
        scores["recall_at_1"] = float((ranks == 0).mean())
    elif (same := _same_product(items, embeddings)) is not None:
        scores["same_product_at_1"] = same
    return scores


def leaf_answers(head: Head, probabilities: Numbers) -> NDArray[np.int64]:
    """The likeliest leaf of each picture: int (n,), places of labels; never "nothing"."""
    leaves = np.array(head.leaves)
    return np.asarray(leaves[probabilities[:, leaves].argmax(axis=1)], np.int64)


def studio_ranks(items: Sequence[Described], embeddings: Numbers) -> NDArray[np.int64]:
    """Of each photo of a product that has a studio picture: how many other products' pictures are closer than its own.

    Args:
        items: n pictures.
        embeddings: float32 (n, d), each of length 1.

    Returns:
        int (photos,), 0 for found first; in the order of the items.
    """
    gallery = [place for place, item in enumerate(items) if item.source == STUDIO]
    number = {items[place].product: column for column, place in enumerate(gallery)}
    asked = [p for p, i in enumerate(items) if i.source != STUDIO and i.product is not None and i.product in number]
    if not asked:
        return np.empty(0, np.int64)
    likeness = embeddings[asked] @ embeddings[gallery].T
    own = likeness[np.arange(len(asked)), [number[items[place].product] for place in asked]]
    return np.asarray((likeness > own[:, None]).sum(axis=1), np.int64)


def _same_product(items: Sequence[Described], embeddings: Numbers) -> float | None:
    products = [item.product for item in items]
    asked = [place for place, product in enumerate(products) if product is not None and products.count(product) > 1]
    if not asked:
        return None
    likeness = embeddings[asked] @ embeddings.T
    likeness[np.arange(len(asked)), asked] = -np.inf
    return float(np.mean([products[a] == products[b] for a, b in zip(asked, likeness.argmax(axis=1), strict=True)]))


def _tree_scores(head: Head, items: Sequence[Described], target: Numbers, found: Numbers) -> dict[str, float]:
    answers = leaf_answers(head, found)
    inner = set(head.parents)
    scores = {}
    for source in sorted({item.source for item in items} - {STUDIO}):
        right = []
        for place, item in enumerate(items):
            true = np.flatnonzero(target[place] == 1)
            if item.source == source and true.size and int(true[-1]) not in inner:  # parents come first
                right.append(answers[place] == true[-1])
        if right:
            scores[f"accuracy_{source}"] = float(np.mean(right))
    return scores


def _choice_scores(head: Head, target: Numbers, found: Numbers) -> dict[str, float]:
    known = np.isfinite(target).all(axis=1)
    if not known.any():
        return {}
    target, found = target[known], found[known]
    if len(head.labels) > 2:
        return {f"accuracy_{head.name}": float((found.argmax(axis=1) == target.argmax(axis=1)).mean())}
    rarer = int(target.sum(axis=0).argmin())
    precision = average_precision(found[:, rarer], target[:, rarer] == 1)
    return {} if np.isnan(precision) else {f"ap_{head.name}": precision}
