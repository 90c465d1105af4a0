"""How good a classification is: scores that a frequent class cannot flatter, beside the trivial baseline.

Labels are class numbers 0..k-1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packshot.evaluation.confidence import ranks
from packshot.values import AnyArray

__all__ = [
    "accuracy",
    "average_precision",
    "confusion_matrix",
    "expected_calibration_error",
    "macro_f1",
    "majority_accuracy",
    "roc_auc",
    "roc_curve",
]


def accuracy(pred: ArrayLike, true: ArrayLike) -> float:
    """Share of labels that are right, 0..1. Report `majority_accuracy` beside it.

    Args:
        pred: n class numbers, n >= 1.
        true: n class numbers.

    Example:
        >>> accuracy([0, 1, 1, 0], [0, 1, 0, 0])
        0.75
    """
    a, b = _labels(pred, true)
    return float(np.mean(a == b))


def majority_accuracy(true: ArrayLike, *, train: ArrayLike | None = None) -> float:
    """Accuracy of always naming the most frequent class, 0..1: the figure to beat.

    Args:
        true: n class numbers, n >= 1.
        train: the class numbers that decide which is most frequent; the lowest of several. By default `true`.
    """
    labels, _ = _labels(true, true)
    majority = int(np.argmax(np.bincount(labels if train is None else _labels(train, train)[0])))
    return float(np.mean(labels == majority))


def confusion_matrix(pred: ArrayLike, true: ArrayLike, *, classes: int | None = None) -> NDArray[np.int64]:
    """How often each class was taken for each.

    Args:
        pred: n class numbers.
        true: n class numbers.
        classes: k; by default one more than the largest number that occurs.

    Returns:
        int64 (k, k): rows are the true classes, columns the predicted ones.

    Raises:
        ValueError: a class number is not below `classes`.
    """
    a, b = _labels(pred, true)
    largest = int(max(a.max(), b.max()))
    k = largest + 1 if classes is None else classes
    if largest >= k:
        raise ValueError(f"confusion_matrix: expected class numbers below {k}, got {largest}")
    return np.asarray(np.bincount(b * k + a, minlength=k * k).reshape(k, k), np.int64)


def macro_f1(pred: ArrayLike, true: ArrayLike) -> float:
    """F1 of every class, averaged with equal weight, 0..1: a rare class counts as much as a frequent one.

    Classes that occur in neither sequence are left out; one that is never named, or always wrongly, has F1 0.

    Args:
        pred: n class numbers, n >= 1.
        true: n class numbers.
    """
    matrix = confusion_matrix(pred, true)
    right = np.diag(matrix)
    named = matrix.sum(axis=0) + matrix.sum(axis=1)
    present = named > 0
    return float(np.mean(2 * right[present] / named[present]))


def average_precision(score: ArrayLike, true: ArrayLike) -> float:
    """Area under the precision-recall curve as a sum of steps, 0..1; its baseline is the share of positives.

    Sum of (recall_i - recall_(i-1)) * precision_i over the distinct scores from the highest down; equal scores are
    one step, so their order does not matter.

    Args:
        score: n numbers, higher for a positive.
        true: n truth values.

    Returns:
        nan if there is no positive.
    """
    s, t = _scores(score, true)
    order = np.argsort(-s, kind="stable")
    s, t = s[order], t[order]
    last = np.flatnonzero(np.append(np.diff(s) != 0, True))  # the last place of each distinct score
    hits = np.cumsum(t)[last]
    if not hits[-1]:
        return float("nan")
    return float(np.sum(np.diff(hits, prepend=0) / hits[-1] * (hits / (last + 1))))


def roc_auc(score: ArrayLike, true: ArrayLike) -> float:
    """Chance that a positive scores higher than a negative, ties counting one half (Mann-Whitney), 0..1.

    Args:
        score: n numbers, higher for a positive.
        true: n truth values.

    Returns:
        0.5 for guessing; nan if positives or negatives are missing.
    """
    s, t = _scores(score, true)
    positives = int(t.sum())
    pairs = positives * (t.size - positives)
    if not pairs:
        return float("nan")
    return float((ranks(s)[t].sum() - positives * (positives + 1) / 2) / pairs)


def roc_curve(score: ArrayLike, true: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is found against what is falsely alarmed, over all thresholds; equal scores change together.

    Args:
        score: n numbers, higher for a positive.
        true: n truth values, of both kinds.

    Returns:
        Rates of false and of true positives, from (0, 0) to (1, 1); the area under them is `roc_auc`.

    Example:
        >>> false, found = roc_curve([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
        >>> false.tolist(), found.tolist()
        ([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0])
    """
    s, t = _scores(score, true)
    if t.all() or not t.any():
        raise ValueError("roc_curve: expected positives and negatives")
    order = np.argsort(-s, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(s[order])), s.size - 1)
    found, false = np.cumsum(t[order])[ends], np.cumsum(~t[order])[ends]
    return np.append(0.0, false / false[-1]), np.append(0.0, found / found[-1])


def expected_calibration_error(confidence: ArrayLike, correct: ArrayLike, *, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over bins of equal width (Guo et al. 2017), 0..1.

    Args:
        confidence: n numbers 0..1, the winning class's probability, n >= 1.
        correct: n truth values, whether that class was right.
        bins: of (0, 1], each open below and closed above; 0 belongs to the first.

    Example:
        >>> expected_calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False])
        0.0
    """
    c, right = _scores(confidence, correct)
    if c.size == 0 or c.min() < 0 or c.max() > 1:
        raise ValueError("expected_calibration_error: expected confidences in 0..1, at least one")
    place = np.clip(np.ceil(c * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(place, weights=c - right, minlength=bins)
    return float(np.abs(gaps).sum() / c.size)


def _labels(pred: ArrayLike, true: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    a, b = np.asarray(pred), np.asarray(true)
    whole = all(array.ndim == 1 and array.size and array.dtype.kind in "iu" and array.min() >= 0 for array in (a, b))
    if not whole or a.shape != b.shape:
        raise ValueError(f"labels: expected two equally long rows of class numbers >= 0, got {_told(a)} and {_told(b)}")
    return a.astype(np.int64), b.astype(np.int64)


def _scores(score: ArrayLike, true: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    s, t = np.asarray(score, np.float64), np.asarray(true, bool)
    if s.ndim != 1 or s.shape != t.shape or not np.isfinite(s).all():
        raise ValueError(f"scores: expected n finite numbers and n truth values, got {_told(s)} and {_told(t)}")
    return s, t


def _told(array: AnyArray) -> str:
    return f"{array.dtype} {array.shape}"
