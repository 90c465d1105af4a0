"""The report's charts as inline SVG, coloured by its style sheet, readable without a script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from packshot.counting import counted
from packshot.evaluation.confidence import Numbers
from packshot.evaluation.reliability import ReliabilityBin, RiskCoverage

__all__ = ["histogram", "reliability_chart", "risk_coverage_chart"]

_WIDTH, _HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 12, 14, 46


@dataclass(frozen=True, slots=True)
class _Axes:
    """A plane from (0, 0) to (`right`, `top`) in data's units."""

    right: float
    top: float

    def x(self, value: float) -> float:
        return round(_LEFT + value / self.right * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _TOP - _BOTTOM), 1)

    def line(self, xs: Numbers, ys: Numbers, kind: str) -> str:
        points = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in zip(xs, ys, strict=True))
        return f'<polyline class="{kind}" points="{points}"/>'

    def bar(self, low: float, high: float, count: int) -> str:
        left, top = self.x(low) + 1, self.y(count)
        size = f'width="{self.x(high) - left - 1:.1f}" height="{self.y(0) - top:.1f}"'
        told = f"<title>{count} between {low:.2f} and {high:.2f}</title>"
        return f'<rect class="bar" x="{left:.1f}" y="{top}" {size} rx="2">{told}</rect>'

    def note(self, x: float, y: float, text: str, anchor: str = "start") -> str:
        return f'<text class="note" x="{self.x(x)}" y="{self.y(y)}" text-anchor="{anchor}">{text}</text>'

    def chart(self, marks: Sequence[str], *, about: str, across: str, upward: str) -> Markup:
        bottom, left = self.y(0), self.x(0)
        lines = []
        for value in _ticks(self.top):
            height = self.y(value)
            lines.append(f'<line class="grid" x1="{left}" x2="{self.x(self.right)}" y1="{height}" y2="{height}"/>')
            lines.append(f'<text x="{left - 7}" y="{height + 4}" text-anchor="end">{value:g}</text>')
        lines += [
            f'<text x="{self.x(value)}" y="{bottom + 17}" text-anchor="middle">{value:g}</text>'
            for value in _ticks(self.right)
        ]
        middle_x, middle_y = (left + self.x(self.right)) / 2, (bottom + self.y(self.top)) / 2
        titles = (
            f'<text class="axis" x="{middle_x}" y="{_HEIGHT - 8}" text-anchor="middle">{across}</text>'
            f'<text class="axis" transform="translate(12 {middle_y}) rotate(-90)" text-anchor="middle">{upward}</text>'
        )
        inside = "".join([*lines, *marks, titles])
        # Our own words and numbers only: nothing of the photos enters a chart.
        return Markup(f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{about}">{inside}</svg>')  # noqa: S704


def histogram(values: Numbers, *, bins: int = 20) -> Markup:
    """How many photos reach which IoU, with the median.

    Args:
        values: n numbers 0..1, n >= 1.
        bins: of equal width.
    """
    counts, edges = np.histogram(values, bins=bins, range=(0, 1))
    axes = _Axes(1, _roof(max(4.0, 1.1 * float(counts.max()))))
    median = float(np.median(values))
    marks = [axes.bar(low, high, count) for low, high, count in zip(edges, edges[1:], counts, strict=False) if count]
    marks.append(axes.line([median, median], [0, axes.top], "middle"))
    side = "end" if median > 0.5 else "start"
    marks.append(axes.note(median + (-0.015 if median > 0.5 else 0.015), axes.top * 0.96, f"median {median:.3f}", side))
    return axes.chart(marks, about=f"Histogram of IoU, median {median:.3f}", across="IoU", upward="photos")


def reliability_chart(bins: Sequence[ReliabilityBin], *, error: str = "true error, 1 − IoU") -> Markup:
    """Predicted uncertainty beside true error; on the dashed line they are equal.

    Args:
        bins: the surest first, at least one.
        error: what it is.
    """
    reach = _roof(max(max(each.uncertainty, each.high) for each in bins))
    axes = _Axes(reach, reach)
    marks = [axes.line([0, reach], [0, reach], "even")]
    for each in bins:
        x = axes.x(each.uncertainty)
        told = f"{counted(each.count, 'photo')}: uncertainty {each.uncertainty:.3f}, error {each.error:.3f}"
        interval = f"{each.low:.3f} to {each.high:.3f}"
        marks.append(f'<line class="whisker" x1="{x}" x2="{x}" y1="{axes.y(each.low)}" y2="{axes.y(each.high)}"/>')
        marks.append(
            f'<circle class="dot" cx="{x}" cy="{axes.y(each.error)}" r="5"><title>{told} ({interval})</title></circle>'
        )
    about = f"Reliability of the uncertainty in {counted(len(bins), 'group')} of photos"
    return axes.chart(marks, about=about, across="predicted uncertainty", upward=error)


def risk_coverage_chart(curve: RiskCoverage, *, error: str = "their mean error, 1 − IoU") -> Markup:
    """What is left of the error when the most uncertain photos go to review.

    Args:
        curve: at least one point.
        error: what it is.
    """
    # Half a thousand points draw any curve; the page stays small however many photos there are.
    picks = np.unique(np.linspace(0, curve.coverage.size - 1, 500).round().astype(int))
    worst = float(max(curve.risk.max(), curve.ideal.max()))
    mean = float(curve.risk[-1])
    axes = _Axes(1, _roof(max(min(worst, 2.5 * mean), 0.01)))
    share, risk = curve.coverage[picks], np.minimum(curve.risk[picks], axes.top)
    marks = [
        axes.line([0, 1], [mean, mean], "even"),
        axes.line(share, curve.ideal[picks], "ideal"),
        axes.line(share, risk, "curve"),
    ]
    about = f"Error of the photos kept, from the surest to all: area {curve.area:.3f}, ideal {curve.ideal_area:.3f}"
    return axes.chart(marks, about=about, across="share of photos kept", upward=error)


def _step(largest: float) -> float:
    """A round step that fits three to five times."""
    power = 10.0 ** math.floor(math.log10(largest / 4)) if largest > 0 else 1.0
    return next(step * power for step in (1, 2, 5, 10) if step * power * 5 >= largest * (1 - 1e-9))


def _roof(largest: float) -> float:
    """The round number on or above the largest value."""
    step = _step(largest or 1.0)
    return round(max(1, math.ceil(largest / step - 1e-9)) * step, 10)


def _ticks(largest: float) -> list[float]:
    step = _step(largest)
    return [round(index * step, 10) for index in range(round(largest / step) + 1)]
