"""How good categories along a tree are: when the likeliest leaf is always given, and as cautiously as they are served.

A truth that is no leaf says nothing of what lies below it: answers are compared as deep as the truth goes, and whatever
is said of leaves (accuracy, calibration, coverage) is said of the photos whose truth is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.classification import expected_calibration_error
from packshot.evaluation.confidence import bootstrap_interval
from packshot.evaluation.hierarchy import HierarchyScore, LevelScore, score_paths, tree_distance
from packshot.evaluation.reliability import OperatingPoint, coverage_at_precision
from packshot.evaluation.scoring import ALL_SETS, Figure

__all__ = ["CategoryAnswer", "CategoryScore", "ServedScore", "score_categories"]

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryAnswer:
    """What was said of one photo, beside the truth. Paths are ids from the top of the tree down.

    Attributes:
        name: of the photo, to show a person.
        set: the set it belongs to.
        true: the true path, not empty.
        leaf: whether it ends at a leaf.
        said: the path that was sure enough; may stop early, and be empty.
        score: probability of its end, 0..1; 0 where it is empty.
        likeliest: the path to the likeliest leaf.
        confidence: probability of that leaf, 0..1.
        top: the likeliest leaves, likeliest first: id -> probability.
    """

    name: str
    set: str
    true: Path
    leaf: bool
    said: Path
    score: float
    likeliest: Path
    confidence: float
    top: Mapping[str, float]

    def cut_to_truth(self, path: Path) -> Path:
        """An answer as deep as the truth goes."""
        return path if self.leaf else path[: len(self.true)]

    @property
    def right(self) -> bool:
        """Whether the likeliest leaf is the true one, or lies below the true node."""
        return self.cut_to_truth(self.likeliest) == self.true

    @property
    def holds(self) -> bool:
        """Whether what was said is right as far as it goes."""
        said = self.cut_to_truth(self.said)
        return said == self.true[: len(said)]

    @property
    def distance(self) -> int:
        """Edges from the likeliest leaf to the truth."""
        return tree_distance(self.cut_to_truth(self.likeliest), self.true)


@dataclass(frozen=True, slots=True)
class ServedScore:
    """How good the answers are as they are served: as deep as was sure enough for the precision asked for.

    Attributes:
        answered: share of photos with any answer, 0..1.
        right: share of these answers that are right as far as they go, 0..1; None if nothing was answered.
        whole: share of photos answered as deep as the truth goes, right or not, 0..1.
        precision: hierarchical precision, 0..1.
        recall: hierarchical recall, 0..1.
        f: hierarchical F, 0..1.
        severity: mean edges to the truth of what is not exact, cautious answers included; None if all are exact.
    """

    answered: Figure
    right: Figure | None
    whole: float
    precision: Figure
    recall: Figure
    f: Figure
    severity: Figure | None


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """How good the categories of one set are. All but `served` is of the likeliest leaf, sure or not.

    Attributes:
        set: name of the set, or `ALL_SETS`.
        photos: scored.
        leaves: photos whose truth is a leaf.
        accuracy: share of those that are right, 0..1; None if there are none.
        majority: the same of always giving the most frequent leaf of this set, 0..1: the figure to beat.
        majority_label: id of that leaf.
        levels: accuracy from the top down.
        precision: hierarchical precision, 0..1.
        recall: hierarchical recall, 0..1.
        f: hierarchical F, 0..1.
        severity: mean edges from wrong answers to the truth; None if all are right.
        calibration_error: expected calibration error of the leaf's probability, 0..1.
        coverage: how many leaves can be taken unseen at the precision asked for, the threshold fitted to these photos.
        served: the answers as they are served.
    """

    set: str
    photos: int
    leaves: int
    accuracy: Figure | None
    majority: float | None
    majority_label: str | None
    levels: tuple[LevelScore, ...]
    precision: Figure
    recall: Figure
    f: Figure
    severity: Figure | None
    calibration_error: float | None
    coverage: OperatingPoint | None
    served: ServedScore


def score_categories(answers: Sequence[CategoryAnswer], *, precision: float) -> list[CategoryScore]:
    """Score answers, set by set.

    Args:
        answers: of any sets, all from one tree; where there are several sets, `ALL_SETS` follows them.
        precision: share of answers that should be right, for the coverage; above 0, at most 1.

    Raises:
        ValueError: a true path is empty, or the paths do not come from one tree.
    """
    sets = list(dict.fromkeys(answer.set for answer in answers))
    return [
        _score(name, [answer for answer in answers if name in {answer.set, ALL_SETS}], precision)
        for name in ([*sets, ALL_SETS] if len(sets) > 1 else sets)
    ]


def _score(name: str, answers: Sequence[CategoryAnswer], precision: float) -> CategoryScore:
    true = [answer.true for answer in answers]
    always = score_paths(true, [answer.cut_to_truth(answer.likeliest) for answer in answers])
    leaves = [answer for answer in answers if answer.leaf]
    right, confidence = [answer.right for answer in leaves], [answer.confidence for answer in leaves]
    label, count = next(iter(Counter(answer.true[-1] for answer in leaves).most_common(1)), (None, 0))
    return CategoryScore(
        set=name,
        photos=len(answers),
        leaves=len(leaves),
        accuracy=_share(right) if leaves else None,
        majority=count / len(leaves) if leaves else None,
        majority_label=label,
        levels=always.levels,
        precision=always.precision,
        recall=always.recall,
        f=always.f,
        severity=always.severity,
        calibration_error=expected_calibration_error(confidence, right) if leaves else None,
        coverage=coverage_at_precision(confidence, right, target=precision) if leaves else None,
        served=_served(answers, score_paths(true, [answer.cut_to_truth(answer.said) for answer in answers])),
    )


def _served(answers: Sequence[CategoryAnswer], score: HierarchyScore) -> ServedScore:
    given = [answer for answer in answers if answer.said]
    return ServedScore(
        answered=_share([bool(answer.said) for answer in answers]),
        right=_share([answer.holds for answer in given]) if given else None,
        whole=float(np.mean([len(answer.said) >= len(answer.true) for answer in answers])),
        precision=score.precision,
        recall=score.recall,
        f=score.f,
        severity=score.severity,
    )


def _share(truths: Sequence[bool]) -> Figure:
    values: NDArray[np.float64] = np.asarray(truths, np.float64)
    return Figure(float(values.mean()), *bootstrap_interval(values))
