"""The page on answers: categories, attributes and tags differ in their figures, not in how these are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packshot.evaluation.confidence import Numbers
from packshot.evaluation.reliability import RiskCoverage, reliability, risk_coverage
from packshot.evaluation.scoring import Figure
from packshot.web.charts import reliability_chart, risk_coverage_chart
from packshot.web.evaluation_report.confusion import ConfusedRow
from packshot.web.evaluation_report.mistakes import Mistake
from packshot.web.rendering import render

__all__ = ["Fact", "SetRow", "Table", "fixed", "percent", "ranged", "render_answers", "shown"]

_ENOUGH = 5  # photos from which an order by confidence says anything


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure at the head of the page: its name, its words, and a note below."""

    name: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """One set: its main figure beside the baseline.

    Attributes:
        name: of the set.
        photos: scored.
        figure: None where it is undefined.
        baseline: the trivial answer's figure, 0..1.
        cells: further figures, in words.
    """

    name: str
    photos: int
    figure: Figure | None
    baseline: float | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words below a header; the first `left` columns are names, the others numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1


def render_answers(
    *,
    title: str,
    lead: str,
    headline: Sequence[Fact],
    figure: str,
    header: Sequence[str],
    sets: Sequence[SetRow],
    classes: Table,
    class_note: str,
    confused: Sequence[ConfusedRow],
    doubts: Numbers,
    errors: Numbers,
    mistakes: Sequence[Mistake],
    mistake_note: str,
    facts: Mapping[str, str],
    unreadable: Sequence[str],
) -> str:
    """The report as HTML.

    Args:
        title: the whole result in a line.
        lead: how sure that is.
        headline: further figures.
        figure: name of the sets' main figure.
        header: titles of the sets' further figures.
        sets: a row each.
        classes: how well each is recognised, the worst first.
        class_note: what the table says.
        confused: the most confused classes; none where nothing was confused.
        doubts: n uncertainties 0..1, for the charts.
        errors: n errors, 1 for a wrong answer.
        mistakes: the worst first.
        mistake_note: what their order is.
        facts: what was evaluated, on what: name -> words.
        unreadable: photos that could not be scored, each with its reason.

    Returns:
        A whole HTML document with everything inside.
    """
    curve: RiskCoverage | None = risk_coverage(doubts, errors) if len(doubts) >= _ENOUGH else None
    wrong = "share that is wrong"
    return render(
        "evaluated_answers.html.jinja",
        title=title,
        lead=lead,
        headline=headline,
        figure=figure,
        header=header,
        sets=sets,
        classes=classes,
        class_note=class_note,
        confused=confused,
        reliability=reliability_chart(reliability(doubts, errors), error=wrong) if curve else None,
        risk_coverage=risk_coverage_chart(curve, error=wrong) if curve else None,
        mistakes=mistakes,
        mistake_note=mistake_note,
        several_sets=len({row.name for row in sets}) > 1,
        facts=facts,
        unreadable=unreadable,
    )


def fixed(value: float | None) -> str:
    """A figure in words: three places, a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def shown(figure: Figure | None) -> str:
    """A figure with an interval in words, without the interval."""
    return fixed(None if figure is None else figure.value)


def ranged(figure: Figure | None) -> str:
    """An interval in words."""
    return "" if figure is None else f"{figure.low:.3f} to {figure.high:.3f}"


def percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.1f} %"
