"""From a network's logits to calibrated probabilities, and down a tree to the likeliest label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.heads.head import Head, HeadKind

__all__ = ["answer_path", "head_probabilities", "split_logits"]

Numbers = NDArray[np.float32]

_ROOT = -1  # parent of the topmost labels


def split_logits(heads: tuple[Head, ...], logits: Numbers) -> dict[str, Numbers]:
    """The logits of each head, which stand side by side in the order of the heads.

    Args:
        heads: of a card.
        logits: float32 (n, sum of the heads' labels).

    Raises:
        ValueError: another number of logits.
    """
    total = sum(len(head.labels) for head in heads)
    if logits.ndim != 2 or logits.shape[1] != total:
        raise ValueError(f"logits: expected (n, {total}), got {logits.shape}")
    ends = np.cumsum([len(head.labels) for head in heads])[:-1]
    return {head.name: part for head, part in zip(heads, np.split(logits, ends, axis=1), strict=True)}


def head_probabilities(head: Head, logits: Numbers) -> Numbers:
    """Calibrated probabilities.

    Along a tree each family of siblings has its own softmax; a category's probability is the product of those on the
    way to it, so that siblings add up to their parent.

    Args:
        head: whose.
        logits: float32 (n, labels).

    Returns:
        float32 (n, labels), 0..1.
    """
    scaled = np.asarray(logits, np.float64) / head.temperature
    if head.kind is HeadKind.TAGS:
        return np.asarray(0.5 * (np.tanh(0.5 * scaled) + 1), np.float32)
    found = np.empty_like(scaled)
    for family in head.families:
        places = list(family)
        raised = np.exp(scaled[:, places] - scaled[:, places].max(axis=1, keepdims=True))
        found[:, places] = raised / raised.sum(axis=1, keepdims=True)
    for place, parent in enumerate(head.parents):  # parents come first
        if parent != _ROOT:
            found[:, place] *= found[:, parent]
    return np.asarray(found, np.float32)


def answer_path(head: Head, probabilities: Numbers, *, precision: float | None = None) -> tuple[int, ...]:
    """From the top down, the likeliest child each time, as long as it passes the threshold of its depth.

    Args:
        head: a tree or a choice.
        probabilities: float32 (labels,), of one photo.
        precision: that the answer should have; a key of the head's thresholds. None goes down to a leaf.

    Returns:
        Places of the labels, a category's ancestors before it; empty where not even the topmost is sure enough, or
        where "none of these" is the likeliest.

    Raises:
        KeyError: no thresholds for that precision.
    """
    thresholds = None if precision is None else head.thresholds[f"{precision:g}"]
    children: dict[int, list[int]] = {}
    for place, parent in enumerate(head.parents or (_ROOT,) * len(head.labels)):
        children.setdefault(parent, []).append(place)
    way: list[int] = []
    while below := children.get(way[-1] if way else _ROOT):
        best = max(below, key=lambda place: probabilities[place])
        if head.labels[best] == head.nothing:
            break
        if thresholds is not None and probabilities[best] < thresholds[len(way)]:
            break
        way.append(best)
    return tuple(way)
