"""From probabilities to answers: as deep as is sure enough, and honest about the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packshot.errors import UsageError
from packshot.heads.head import Head, HeadKind
from packshot.heads.probabilities import answer_path
from packshot.values import Answer, Choice

__all__ = ["answer", "answered_places", "with_thresholds"]

Numbers = NDArray[np.float32]

_TOP = 5  # labels that are listed, sure or not
_BETWEEN = " > "


def with_thresholds(head: Head, *, precision: float) -> Head:
    """A head that can be asked at this precision.

    Args:
        head: of a card. Without any thresholds, a calibrated probability of `precision` is the threshold throughout.
        precision: share of answers that should be right, 0..1.

    Raises:
        UsageError: the head has thresholds, but none for that precision.
    """
    key = f"{precision:g}"
    if key in head.thresholds:
        return head
    if head.thresholds:
        raise UsageError(
            f"head {head.name} has no thresholds for a precision of {key}",
            remedy=f"ask for one of {', '.join(sorted(head.thresholds))}: --precision, or PACKSHOT_PRECISION",
        )
    count = {HeadKind.TREE: head.depth, HeadKind.CHOICE: 1, HeadKind.TAGS: len(head.labels)}[head.kind]
    return head.model_copy(update={"thresholds": {key: (precision,) * count}})


def answer(head: Head, probabilities: Numbers, *, precision: float) -> Answer:
    """What a head says of one photo.

    Args:
        head: of `with_thresholds`.
        probabilities: float32 (labels,), of `packshot.heads.head_probabilities`.
        precision: share of answers that should be right, 0..1.
    """
    held = answered_places(head, probabilities, precision=precision)
    if head.kind is HeadKind.TAGS:
        path, full = held[:1], _products(head)
        uncertainty = max((min(p, 1 - p) for p in probabilities[list(full)].tolist()), default=0.0)
    else:
        path, full = held, head.leaves
        nothing = [head.labels.index(head.nothing)] if head.nothing is not None else []
        uncertainty = 1 - max(probabilities[[*full, *nothing]].tolist())
    likeliest = sorted(full, key=lambda place: -probabilities[place])[:_TOP]
    return Answer(
        head=head.name,
        path=tuple(_choice(head, place, probabilities) for place in path),
        top=tuple(_choice(head, place, probabilities, whole=True) for place in likeliest),
        precision=precision,
        sure=bool(path) and path[-1] in full,
        uncertainty=uncertainty,
        chances=dict(zip(head.labels, probabilities.tolist(), strict=True)),
    )


def answered_places(head: Head, probabilities: Numbers, *, precision: float) -> tuple[int, ...]:
    """Places of the labels that hold at a precision.

    Returns:
        Of a tree the way down to the deepest one, of a choice one or none, of tags all that hold, likeliest first;
        never what the head ignores.
    """
    if head.kind is not HeadKind.TAGS:
        return answer_path(head, probabilities, precision=precision)
    thresholds = head.thresholds[f"{precision:g}"]
    held = [place for place in _products(head) if probabilities[place] >= thresholds[place]]
    return tuple(sorted(held, key=lambda place: -probabilities[place]))


def _products(head: Head) -> tuple[int, ...]:
    return tuple(place for place, label in enumerate(head.labels) if label not in head.ignored)


def _choice(head: Head, place: int, probabilities: Numbers, *, whole: bool = False) -> Choice:
    names = [head.title(each) for each in head.way(place)] if whole else [head.title(place)]
    return Choice(label=head.labels[place], name=_BETWEEN.join(names), score=float(probabilities[place]))
