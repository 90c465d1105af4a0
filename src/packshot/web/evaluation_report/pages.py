"""The page of each kind of evaluation, from its typed result."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.evaluation.attribute_evaluation import AttributeEvaluation
from packshot.evaluation.category_evaluation import CategoryEvaluation
from packshot.evaluation.head_reading import WrongAnswer, label_title
from packshot.evaluation.mask_evaluation import MaskEvaluation
from packshot.heads import HeadKind
from packshot.web.evaluation_report.attribute import render_choice, render_tags
from packshot.web.evaluation_report.category import render_category
from packshot.web.evaluation_report.gallery import Gallery
from packshot.web.evaluation_report.masks import render_report
from packshot.web.evaluation_report.mistakes import Mistakes

__all__ = ["attribute_page", "category_page", "keep_wrong", "mask_page"]

#: What was evaluated, on what: name -> words, shown at the foot.
Facts = Mapping[str, str]


def attribute_page(found: AttributeEvaluation, mistakes: Mistakes, *, facts: Facts) -> str:
    """How good an attribute or the tags are, as HTML.

    Args:
        found: what was scored.
        mistakes: its wrong answers.
        facts: what was evaluated, on what.
    """
    name, precision = found.head.name, found.precision
    facts = {"Head": name, **facts}
    reasons = [str(each.error) for each in found.unreadable]
    if found.head.kind is HeadKind.TAGS:
        return render_tags(found.tags, mistakes, head=name, precision=precision, facts=facts, unreadable=reasons)
    return render_choice(
        found.choices, found.answers, mistakes, head=name, precision=precision, facts=facts, unreadable=reasons
    )


def category_page(found: CategoryEvaluation, mistakes: Mistakes, *, facts: Facts) -> str:
    """How good categories are, as HTML.

    Args:
        found: what was scored.
        mistakes: its wrong answers.
        facts: what was evaluated, on what.
    """
    return render_category(
        found.summary,
        found.answers,
        mistakes,
        title=lambda label: label_title(found.head, label),
        precision=found.precision,
        facts=facts,
        unreadable=[str(each.error) for each in found.unreadable],
    )


def mask_page(found: MaskEvaluation, gallery: Gallery, *, facts: Facts) -> str:
    """How good masks are, as HTML.

    Args:
        found: what was scored.
        gallery: of its masks.
        facts: what was evaluated, on what.
    """
    reasons = [str(each.error) for each in found.unreadable]
    return render_report(
        found.summary,
        found.scores,
        gallery,
        method=found.method,
        facts=facts,
        unreadable=reasons,
        traits=found.traits,
    )


def keep_wrong(mistakes: Mistakes, wrong: WrongAnswer) -> None:
    """Show a wrong answer to what keeps the worst."""
    mistakes.add(
        wrong.rgb,
        wrong.heat,
        badness=wrong.badness,
        name=wrong.name,
        set=wrong.set,
        said=wrong.said,
        true=wrong.true,
        numbers=wrong.numbers,
    )
