"""Curves of several runs or models in one SVG that needs nothing else: learning curves, ROC curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from packshot.evaluation.confidence import Numbers
from packshot.storage.encodable import encodable
from packshot.web.tokens import declarations

__all__ = ["Panel", "Series", "line_chart"]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 360, 250, 46, 34, 40, 26  # pixels
_LINE = 18  # of the legend
_MOST = 400  # points drawn of a curve
# Told apart by people who see few colours, too (Okabe and Ito 2008), and once more by their dashes.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a7a7a")
_DASHES = ("", "7 3", "2 3")
_TOKENS = ("ink", "soft", "line", "sheet")
_STYLE = f"""
.lines {{ {declarations(_TOKENS, dark=False)}
  font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }}
@media (prefers-color-scheme: dark) {{ .lines {{ {declarations(_TOKENS, dark=True)} }} }}
.lines .background {{ fill: var(--sheet); }} .lines text {{ fill: var(--ink); }}
.lines .soft {{ fill: var(--soft); font-size: 11px; }} .lines .title {{ font-weight: 600; }}
.lines line {{ stroke: var(--line); }} .lines polyline {{ fill: none; stroke-width: 2; }}
.lines polygon {{ fill-opacity: .15; }}
"""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve.

    Attributes:
        name: in the legend.
        xs: n numbers.
        ys: n finite numbers.
        within: n finite numbers below and n above them: the band that an interval leaves; None without one.
        dashed: whether it is drawn so, and does not hide another that it runs along with.
    """

    name: str
    xs: Numbers
    ys: Numbers
    within: tuple[Numbers, Numbers] | None = None
    dashed: bool = False

    def __post_init__(self) -> None:
        counts = [len(each) for each in (self.xs, self.ys, *(self.within or ()))]
        if len(set(counts)) > 1:
            raise ValueError(f"Series {self.name}: expected as many numbers everywhere, got {counts}")


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One plane with curves; those of one name have one colour in all panels.

    Attributes:
        title: above.
        across: what is drawn from left to right.
        series: the curves, in the order of the legend.
        unit: whether both sides go from 0 to 1, as an ROC curve's do, with the line of guessing.
        shares: whether what is drawn upwards goes from 0 to 1, however little of that the curves take.
    """

    title: str
    across: str
    series: Sequence[Series]
    unit: bool = False
    shares: bool = False


def line_chart(panels: Sequence[Panel], *, notes: Sequence[str] = ()) -> str:
    """Draw panels beside each other, one legend below them.

    Args:
        panels: at least one.
        notes: lines below the legend.

    Raises:
        ValueError: there is no panel.
    """
    if not panels:
        raise ValueError("line_chart: expected at least one panel, got none")
    dashed = {each.name: each.dashed for panel in panels for each in panel.series}
    names = list(dashed)
    width = len(panels) * (_LEFT + _WIDTH + _GAP)
    height = _TOP + _HEIGHT + _BOTTOM + _LINE * (len(names) + len(notes)) + 14
    parts = [f'<rect class="background" width="{width}" height="{height}"/>']
    for place, panel in enumerate(panels):
        parts += _panel(panel, names, place * (_LEFT + _WIDTH + _GAP) + _LEFT)
    y = _TOP + _HEIGHT + _BOTTOM + 10
    for place, name in enumerate(names):
        at = y + _LINE * place
        parts.append(f'<polyline {_stroke(place, dashed[name])} points="{_LEFT},{at - 4} {_LEFT + 30},{at - 4}"/>')
        parts.append(f'<text x="{_LEFT + 38}" y="{at}">{escape(name)}</text>')
    for place, note in enumerate(notes):
        parts.append(f'<text class="soft" x="{_LEFT}" y="{y + _LINE * (len(names) + place)}">{escape(note)}</text>')
    told = escape("; ".join(panel.title for panel in panels), quote=True)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="lines" viewBox="0 0 {width} {height}" width="{width}"'
    return encodable(f'{head} role="img" aria-label="{told}"><style>{_STYLE}</style>{"".join(parts)}</svg>\n')


def _panel(panel: Panel, names: Sequence[str], left: int) -> list[str]:
    xs = [float(x) for each in panel.series for x in each.xs]
    ys = [float(y) for each in panel.series for side in (each.ys, *(each.within or ())) for y in side]
    low_x, high_x = (0.0, 1.0) if panel.unit else _range(xs)
    low_y, high_y = (0.0, 1.0) if panel.unit or panel.shares else _range(ys)

    def x(value: float) -> float:
        return round(left + (value - low_x) / (high_x - low_x) * _WIDTH, 1)

    def y(value: float) -> float:
        return round(_TOP + _HEIGHT - (value - low_y) / (high_y - low_y) * _HEIGHT, 1)

    parts = [f'<text class="title" x="{left}" y="20">{escape(panel.title)}</text>']
    for value in _ticks(low_y, high_y):
        parts.append(f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y(value)}" y2="{y(value)}"/>')
        parts.append(f'<text class="soft" x="{left - 6}" y="{y(value) + 4}" text-anchor="end">{value:.4g}</text>')
    bottom = _TOP + _HEIGHT
    for value in _ticks(low_x, high_x):
        parts.append(f'<text class="soft" x="{x(value)}" y="{bottom + 16}" text-anchor="middle">{value:.4g}</text>')
    middle = left + _WIDTH / 2
    parts.append(
        f'<text class="soft" x="{middle}" y="{bottom + 32}" text-anchor="middle">{escape(panel.across)}</text>'
    )
    if panel.unit:
        parts.append(f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke-dasharray="3 3"/>')

    def along(each: Series, values: Numbers) -> list[str]:
        points = list(zip(each.xs, values, strict=True))
        points = points[: -1 : max(1, len(points) // _MOST)] + points[-1:]
        return [f"{x(float(a))},{y(float(b))}" for a, b in points]

    for each in panel.series:
        if each.within is not None:
            low, high = (along(each, side) for side in each.within)
            colour = _COLOURS[names.index(each.name) % len(_COLOURS)]
            parts.append(f'<polygon fill="{colour}" points="{" ".join([*low, *reversed(high)])}"/>')
    for each in panel.series:
        told = f"<title>{escape(each.name)}</title>"
        stroke = _stroke(names.index(each.name), each.dashed)
        parts.append(f'<polyline {stroke} points="{" ".join(along(each, each.ys))}">{told}</polyline>')
    return parts


def _stroke(place: int, dashed: bool = False) -> str:
    dash = _DASHES[(place // len(_COLOURS) + dashed) % len(_DASHES)]
    return f'stroke="{_COLOURS[place % len(_COLOURS)]}"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    return (low - 0.5, high + 0.5) if high - low < 1e-9 else (low, high)


def _ticks(low: float, high: float) -> list[float]:
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(step * power for step in (1, 2, 5, 10) if step * power * 6 >= high - low)
    return [round(step * k, 10) for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
