"""How good attributes and tags are: a rare value must not hide behind the frequent one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packshot.evaluation.classification import average_precision, expected_calibration_error, roc_auc
from packshot.evaluation.confidence import bootstrap_interval, resampled_interval
from packshot.evaluation.scoring import ALL_SETS, Figure

__all__ = ["AttributeAnswer", "ChoiceScore", "LabelScore", "TagsScore", "score_choices", "score_tags"]

_RESAMPLES = 200  # of every label's figures; there may be dozens of labels

Truths = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AttributeAnswer:
    """What was said of one photo, beside the truth.

    Attributes:
        name: of the photo, to show a person.
        set: the set it belongs to.
        true: labels that are true: of an attribute one, of tags any number.
        said: labels that were sure enough.
        probabilities: 0..1 of each label that may be said; the same labels for all photos.
    """

    name: str
    set: str
    true: frozenset[str]
    said: tuple[str, ...]
    probabilities: Mapping[str, float]

    @property
    def likeliest(self) -> str:
        """The label with the highest probability; the first of several."""
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    @property
    def confidence(self) -> float:
        """Its probability."""
        return self.probabilities[self.likeliest]

    @property
    def right(self) -> bool:
        """Whether the likeliest label is true."""
        return self.likeliest in self.true


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one value of an attribute, or one tag, is told from the others.

    Attributes:
        label: the value or tag.
        support: photos of which it is true.
        base_rate: their share, 0..1: the average precision of guessing.
        average_precision: 0..1; None without a photo of it.
        roc_auc: 0..1, 0.5 for guessing; None without photos of it and of others.
        named: photos of which it was said: of an attribute as the likeliest value, of tags where it was sure enough.
        precision: share of those of which it is true, 0..1; None if it was never said.
        recall: share of its photos of which it was said, 0..1; None without one.
        f1: harmonic mean of both, 0..1; 0 if nothing was right.
    """

    label: str
    support: int
    base_rate: float
    average_precision: Figure | None
    roc_auc: Figure | None
    named: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True, slots=True)
class ChoiceScore:
    """How good the values of one attribute are on one set.

    Attributes:
        set: name of the set, or `ALL_SETS`.
        photos: scored.
        accuracy: share of photos whose likeliest value is true, 0..1.
        majority: the same of always giving the most frequent value of this set, 0..1: the figure to beat.
        majority_label: that value.
        answered: share of photos whose value was sure enough, 0..1.
        right: share of those answers that are true, 0..1; None if nothing was answered.
        calibration_error: expected calibration error of the likeliest value's probability, 0..1.
        labels: a row for each value, the most frequent first.
    """

    set: str
    photos: int
    accuracy: Figure
    majority: float
    majority_label: str
    answered: Figure
    right: Figure | None
    calibration_error: float
    labels: tuple[LabelScore, ...]


@dataclass(frozen=True, slots=True)
class TagsScore:
    """How good tags are on one set.

    Attributes:
        set: name of the set, or `ALL_SETS`.
        photos: scored.
        mean_average_precision: over the tags that occur, 0..1; None if none does.
        base_rate: mean over the same tags: the figure of guessing.
        precision: share of the tags said that are true, over all photos, 0..1; None if none was said.
        recall: share of the true tags that were said, 0..1; None if there are none.
        calibration_error: expected calibration error of all tags' probabilities, 0..1.
        labels: a row for each tag, the most frequent first.
    """

    set: str
    photos: int
    mean_average_precision: Figure | None
    base_rate: float
    precision: float | None
    recall: float | None
    calibration_error: float
    labels: tuple[LabelScore, ...]


def score_choices(answers: Sequence[AttributeAnswer]) -> list[ChoiceScore]:
    """Score an attribute of which one value is true, set by set.

    Args:
        answers: of any sets, each with one true label; where there are several sets, `ALL_SETS` follows them.
    """
    return [_choice(name, mine) for name, mine in _by_set(answers)]


def score_tags(answers: Sequence[AttributeAnswer]) -> list[TagsScore]:
    """Score tags, set by set; see `score_choices`."""
    return [_tags(name, mine) for name, mine in _by_set(answers)]


def _by_set(answers: Sequence[AttributeAnswer]) -> list[tuple[str, list[AttributeAnswer]]]:
    sets = list(dict.fromkeys(answer.set for answer in answers))
    names = [*sets, ALL_SETS] if len(sets) > 1 else sets
    return [(name, [answer for answer in answers if name in {answer.set, ALL_SETS}]) for name in names]


def _choice(name: str, answers: Sequence[AttributeAnswer]) -> ChoiceScore:
    right = [answer.right for answer in answers]
    given = [answer for answer in answers if answer.said]
    label, count = Counter(label for answer in answers for label in answer.true).most_common(1)[0]
    return ChoiceScore(
        set=name,
        photos=len(answers),
        accuracy=_share(right),
        majority=count / len(answers),
        majority_label=label,
        answered=_share([bool(answer.said) for answer in answers]),
        right=_share([answer.said[0] in answer.true for answer in given]) if given else None,
        calibration_error=expected_calibration_error([answer.confidence for answer in answers], right),
        labels=_labels(answers, [{answer.likeliest} for answer in answers]),
    )


def _tags(name: str, answers: Sequence[AttributeAnswer]) -> TagsScore:
    said = [set(answer.said) for answer in answers]
    rows = _labels(answers, said)
    there = [row for row in rows if row.support]
    scores, true = _arrays(answers, [row.label for row in there])
    hits = sum(len(each & answer.true) for each, answer in zip(said, answers, strict=True))
    named, wanted = sum(map(len, said)), sum(row.support for row in rows)
    all_scores, all_true = _arrays(answers, [row.label for row in rows])

    def mean(pick: NDArray[np.int64] | slice[None, None, None]) -> float:
        found = [average_precision(scores[pick, tag], true[pick, tag]) for tag in range(len(there))]
        return float(np.nanmean(found)) if not np.isnan(found).all() else float("nan")

    return TagsScore(
        set=name,
        photos=len(answers),
        mean_average_precision=Figure(mean(slice(None)), *resampled_interval(mean, len(answers), resamples=_RESAMPLES))
        if there
        else None,
        base_rate=float(np.mean([row.base_rate for row in there])) if there else 0.0,
        precision=hits / named if named else None,
        recall=hits / wanted if wanted else None,
        calibration_error=expected_calibration_error(all_scores.ravel(), all_true.ravel()),
        labels=rows,
    )


def _labels(answers: Sequence[AttributeAnswer], said: Sequence[set[str]]) -> tuple[LabelScore, ...]:
    labels = list(answers[0].probabilities)
    scores, true = _arrays(answers, labels)
    rows = []
    for column, label in enumerate(labels):
        score, yes = scores[:, column], true[:, column]
        named = np.array([label in each for each in said])
        hits, support = int((named & yes).sum()), int(yes.sum())
        rows.append(
            LabelScore(
                label=label,
                support=support,
                base_rate=support / len(answers),
                average_precision=_figure(average_precision, score, yes) if support else None,
                roc_auc=_figure(roc_auc, score, yes) if 0 < support < len(answers) else None,
                named=int(named.sum()),
                precision=hits / int(named.sum()) if named.any() else None,
                recall=hits / support if support else None,
                f1=2 * hits / max(1, support + int(named.sum())),
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.support))


def _arrays(answers: Sequence[AttributeAnswer], labels: Sequence[str]) -> tuple[Numbers, Truths]:
    scores = np.array([[answer.probabilities[label] for label in labels] for answer in answers], np.float64)
    return scores, np.array([[label in answer.true for label in labels] for answer in answers], bool)


def _figure(metric: Callable[[Numbers, Truths], float], score: Numbers, true: Truths) -> Figure:
    interval = resampled_interval(lambda pick: metric(score[pick], true[pick]), true.size, resamples=_RESAMPLES)
    return Figure(metric(score, true), *interval)


def _share(truths: Sequence[bool]) -> Figure:
    values = np.asarray(truths, np.float64)
    return Figure(float(values.mean()), *bootstrap_interval(values))
