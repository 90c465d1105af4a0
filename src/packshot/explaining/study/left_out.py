"""Photos that a change or its control had nothing to do with, in words: how many they are, and why."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.counting import counted
from packshot.explaining.fewest import FEWEST
from packshot.explaining.interventions import Intervention
from packshot.explaining.study.answers import PhotoAnswers, control_name
from packshot.explaining.study.plan import StudyPlan

__all__ = ["left_out"]


def left_out(plan: StudyPlan, answers: Sequence[PhotoAnswers]) -> dict[str, str]:
    """By the name of a change: a sentence on the photos that are not in its row or its control's, where there are some.

    Args:
        plan: the study.
        answers: of a finished study.
    """
    said = {change.name: _sentences(change, answers) for change in plan.changes()}
    return {name: " ".join(sentences) for name, sentences in said.items() if sentences}


def _sentences(change: Intervention, answers: Sequence[PhotoAnswers]) -> list[str]:
    having = [answer for answer in answers if change.name in answer.changed]
    found = []
    if len(having) < len(answers):
        found.append(f"{len(having)} of {counted(len(answers), 'photo')} {change.having}; the others are left out.")
    if change.control is not None and having:
        beside = [answer for answer in having if control_name(change.name) in answer.changed]
        if len(beside) < len(having):
            found.append(
                f"In {len(beside)} of {counted(len(having), 'photo')} a patch of this size fits elsewhere on the "
                "product."
            )
    products = len({answer.product for answer in having})
    if products < FEWEST:
        found.append(
            f"They show {counted(products, 'product')}, and an interval needs at least {FEWEST}: there is no row."
        )
    return found
