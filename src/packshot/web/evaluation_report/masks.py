"""The page on masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from packshot.evaluation.photo_traits import TraitScore
from packshot.evaluation.reliability import reliability, risk_coverage
from packshot.evaluation.scoring import MaskScore, SetScore
from packshot.web.charts import histogram, reliability_chart, risk_coverage_chart
from packshot.web.evaluation_report.gallery import Gallery
from packshot.web.rendering import render

__all__ = ["render_report"]

_ENOUGH = 5  # photos from which an order by uncertainty says anything


def render_report(
    summary: Sequence[SetScore],
    scores: Sequence[MaskScore],
    gallery: Gallery,
    *,
    method: str,
    facts: Mapping[str, str],
    unreadable: Sequence[str] = (),
    traits: Sequence[TraitScore] = (),
) -> str:
    """The report of one evaluation as HTML.

    Args:
        summary: what `summarise` made of `scores`, at least one row.
        scores: of every photo and method.
        gallery: what it kept of `method`.
        method: the one under test; the others are its baselines.
        facts: what was evaluated, on what: name -> words, shown at the foot.
        unreadable: photos that could not be scored, each with its reason.
        traits: IoU of the method under test by what the photos are like.

    Returns:
        A whole HTML document with everything inside.
    """
    mine = [score for score in scores if score.method == method]
    doubts = [score.uncertainty for score in mine if score.uncertainty is not None]
    errors = [1 - score.iou for score in mine if score.uncertainty is not None]
    curve = risk_coverage(doubts, errors) if len(doubts) >= _ENOUGH else None
    return render(
        "evaluated_masks.html.jinja",
        method=method,
        head=next(row for row in reversed(summary) if row.method == method),
        rivals=[row for row in summary if row.set == summary[-1].set and row.method != method],
        sets=[(name, list(rows)) for name, rows in groupby(summary, key=attrgetter("set"))],
        worst=gallery.worst(),
        sample=gallery.sample(),
        several_sets=len({score.set for score in mine}) > 1,
        histogram=histogram([score.iou for score in mine]),
        reliability=reliability_chart(reliability(doubts, errors)) if curve else None,
        risk_coverage=risk_coverage_chart(curve) if curve else None,
        curve=curve,
        facts=facts,
        unreadable=unreadable,
        traits=[row for row in traits if row.iou is not None],
    )
