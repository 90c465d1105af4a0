"""What a study found: for each change, how much the answers suffer, and whether that can be chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from packshot.evaluation.changes import ChangeFigures
from packshot.evaluation.paired import clustered_interval, holm, mcnemar
from packshot.explaining.fewest import FEWEST, refuse_few
from packshot.explaining.study.answers import PhotoAnswers

__all__ = ["refuse_few_products", "study_figures", "worst"]


def refuse_few_products(products: Collection[str]) -> None:
    """Refuse a study of too few products.

    Raises:
        UsageError: an interval over so few says nothing.
    """
    refuse_few(len(products), "products", remedy="name more photos: --data, --split all, or photos in the study's file")


def study_figures(answers: Sequence[PhotoAnswers]) -> list[ChangeFigures]:
    """A row for the photos as they are, then one for each change, the most harmful first.

    A control that few products have room for has no row.

    Raises:
        UsageError: too few products for an interval.
    """
    refuse_few_products({answer.product for answer in answers})
    names = [
        name for name in dict.fromkeys(name for answer in answers for name in answer.changed) if _enough(name, answers)
    ]
    plain, *changed = [_figures(name, answers) for name in ("", *names)]
    known = [answer for answer in answers if answer.true is not None]
    if known:
        chances = holm([_chance(name, [answer for answer in known if name in answer.changed]) for name in names])
        changed = [replace(row, p=p) for row, p in zip(changed, chances, strict=True)]
    return [plain, *sorted(changed, key=lambda row: row.logit)]


def worst(answers: Sequence[PhotoAnswers], name: str, *, count: int) -> list[PhotoAnswers]:
    """The photos whose answer a change hurt most, by the log odds of what was answered before."""
    having = [answer for answer in answers if name in answer.changed]
    return sorted(having, key=lambda answer: answer.changed[name].logit - answer.plain.logit)[:count]


def _figures(name: str, answers: Sequence[PhotoAnswers]) -> ChangeFigures:
    answers = [answer for answer in answers if not name or name in answer.changed]
    found = [answer.changed[name] if name else answer.plain for answer in answers]
    products = [answer.product for answer in answers]
    flips = [float(each.label != answer.plain.label) for each, answer in zip(found, answers, strict=True)]
    logits = [each.logit - answer.plain.logit for each, answer in zip(found, answers, strict=True)]
    known = [at for at, each in enumerate(found) if each.right is not None]
    right, whose = [float(bool(found[at].right)) for at in known], [products[at] for at in known]
    return ChangeFigures(
        name=name,
        photos=len(answers),
        accuracy=float(np.mean(right)) if right else None,
        accuracy_interval=clustered_interval(right, whose) if right else None,
        flips=float(np.mean(flips)),
        flips_interval=clustered_interval(flips, products),
        logit=float(np.mean(logits)),
        logit_interval=clustered_interval(logits, products),
    )


def _enough(name: str, answers: Sequence[PhotoAnswers]) -> bool:
    return len({answer.product for answer in answers if name in answer.changed}) >= FEWEST


def _chance(name: str, answers: Sequence[PhotoAnswers]) -> float:
    """McNemar's p for one change, of products: whether more of the photos of each are answered rightly with or without.

    Photos of one product are no new evidence. With one photo a product it is the test of McNemar 1947.
    """
    without: dict[str, int] = defaultdict(int)
    for answer in answers:
        without[answer.product] += bool(answer.plain.right) - bool(answer.changed[name].right)
    return mcnemar(sum(more > 0 for more in without.values()), sum(more < 0 for more in without.values()))
