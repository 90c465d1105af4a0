"""The models of one experiment beside each other, as an SVG: scores with their intervals, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from packshot.counting import counted
from packshot.evaluation.leaderboard import Row
from packshot.storage.encodable import encodable
from packshot.web.tokens import declarations

__all__ = ["model_chart"]

_NAMES, _SCORES, _BARS, _GAP = 232, 300, 190, 26  # widths in pixels
_TOP, _ROW, _LEGEND = 58, 46, 44
_BAR = 96  # longest bar; the figure stands behind it

_TOKENS = ("ink", "soft", "line", "ok", "ok-wash", "sheet")
_STYLE = f"""
.models {{ {declarations(_TOKENS, dark=False)}
  font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }}
@media (prefers-color-scheme: dark) {{
  .models {{ {declarations(_TOKENS, dark=True)} }}
}}
.models .background {{ fill: var(--sheet); }} .models text {{ fill: var(--ink); }}
.models .soft {{ fill: var(--soft); font-size: 11px; }} .models .name {{ font-weight: 600; }}
.models line {{ stroke: var(--line); }} .models .bar {{ fill: var(--ok-wash); }}
.models .whisker {{ stroke: var(--ok); stroke-width: 2; }} .models .dot {{ fill: var(--ok); }}
.models .ring {{ fill: var(--sheet); stroke: var(--ok); stroke-width: 2; }}
.models .baseline {{ stroke: var(--soft); stroke-width: 2; stroke-dasharray: 3 2; }}
"""


def model_chart(rows: Sequence[Row]) -> str:
    """Draw rows of the leaderboard, in their order, as one SVG that needs nothing else.

    Args:
        rows: at least one; scored by the same metric on the same data, or the comparison says nothing.

    Raises:
        ValueError: there are none.
    """
    if not rows:
        raise ValueError("model_chart: expected at least one row, got none")
    left = _NAMES + _SCORES + _GAP
    width, height = left + 3 * _BARS, _TOP + _ROW * len(rows) + _LEGEND
    parts = [f'<rect class="background" width="{width}" height="{height}"/>', *_scores(rows)]
    for place, row in enumerate(rows):
        y = _TOP + _ROW * place
        parts.append(f'<text class="name" x="12" y="{y + 20}">{escape(_short(row.name))}</text>')
        parts.append(f'<text class="soft" x="12" y="{y + 36}">{escape(_short(_state(row), 33))}</text>')
    columns: list[tuple[str, list[float | None], Callable[[float], str]]] = [
        ("parameters", [row.parameters for row in rows], _count),
        (
            "time a photo",
            [row.ms_per_photo for row in rows],
            lambda ms: f"{ms:,.0f} ms" if ms >= 10 else f"{ms:.1f} ms",
        ),
        ("training", [row.seconds for row in rows], _duration),
    ]
    for place, (title, values, words) in enumerate(columns):
        parts += _bars(left + place * _BARS, title, values, words)
    parts += _legend(height - _LEGEND)
    told = f"Comparison of {counted(len(rows), 'model')}: scores, parameters, time a photo, training time"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="models" viewBox="0 0 {width} {height}" width="{width}"'
    return encodable(f'{head} role="img" aria-label="{told}"><style>{_STYLE}</style>{"".join(parts)}</svg>\n')


def _scores(rows: Sequence[Row]) -> list[str]:
    """The panel of scores: a dot for validation, a ring for the holdout, lines for intervals."""
    ends = [end for row in rows for pair in (row.validation_interval, row.interval) for end in pair or ()]
    drawn = [*ends, *(v for row in rows for v in (row.validation, row.holdout, row.baseline) if v is not None)]
    low = math.floor(min(drawn, default=0.0) * 10 + 1e-9) / 10
    low = min(max(low, 0.0), 0.9)

    def x(value: float) -> float:
        return round(_NAMES + (value - low) / (1 - low) * (_SCORES - 20) + 10, 1)

    bottom = _TOP + _ROW * len(rows)
    headlines = {row.headline for row in rows}
    title = headlines.pop() if len(headlines) == 1 else "score, each by its own metric"
    parts = [f'<text x="{_NAMES + 10}" y="24">{escape(title.replace("_", " "))}</text>']
    step = 0.2 if low < 0.5 else 0.1 if low < 0.8 else 0.05
    for tick in range(math.floor((1 - low) / step + 1e-9) + 1):
        value = 1 - tick * step
        parts.append(f'<line x1="{x(value)}" x2="{x(value)}" y1="{_TOP - 6}" y2="{bottom}"/>')
        parts.append(f'<text class="soft" x="{x(value)}" y="{_TOP - 12}" text-anchor="middle">{value:.3g}</text>')
    for place, row in enumerate(rows):
        y = _TOP + _ROW * place
        if row.baseline is not None:
            at = x(row.baseline)
            parts.append(f'<line class="baseline" x1="{at}" x2="{at}" y1="{y + 6}" y2="{y + _ROW - 6}"/>')
        for score, interval, kind, split, down in (
            (row.validation, row.validation_interval, "dot", "validation", 16),
            (row.holdout, row.interval, "ring", "holdout", 31),
        ):
            if interval is not None:
                a, b = map(x, interval)
                parts.append(f'<line class="whisker" x1="{a}" x2="{b}" y1="{y + down}" y2="{y + down}"/>')
            if score is not None:
                told = f"<title>{escape(row.name)}, {split}: {score:.3f}</title>"
                parts.append(f'<circle class="{kind}" cx="{x(score)}" cy="{y + down}" r="5">{told}</circle>')
    return parts


def _bars(left: int, title: str, values: Sequence[float | None], words: Callable[[float], str]) -> list[str]:
    """A panel of bars from zero, each with its figure behind it."""
    most = max((value for value in values if value is not None), default=0.0) or 1.0
    parts = [f'<text x="{left}" y="24">{title}</text>']
    for place, value in enumerate(values):
        if value is None:
            continue
        y, length = _TOP + _ROW * place, max(1.5, round(_BAR * value / most, 1))
        parts.append(f'<rect class="bar" x="{left}" y="{y + 10}" width="{length}" height="{_ROW - 20}" rx="2"/>')
        parts.append(f'<text x="{left + length + 7}" y="{y + 28}">{words(value)}</text>')
    return parts


def _legend(top: int) -> list[str]:
    y, x = top + 24, _NAMES + 10
    words = ((16, "validation"), (106, "holdout"), (200, "95 % interval"), (308, "the trivial answer"))
    return [
        f'<circle class="dot" cx="{x + 5}" cy="{y - 4}" r="5"/>',
        f'<circle class="ring" cx="{x + 95}" cy="{y - 4}" r="5"/>',
        f'<line class="whisker" x1="{x + 170}" x2="{x + 194}" y1="{y - 4}" y2="{y - 4}"/>',
        f'<line class="baseline" x1="{x + 300}" x2="{x + 300}" y1="{y - 13}" y2="{y + 5}"/>',
        *(f'<text class="soft" x="{x + along}" y="{y}">{word}</text>' for along, word in words),
    ]


def _state(row: Row) -> str:
    """What the weights began as, and whether the run is whole."""
    began = {"": "", "scratch": "from scratch"}.get(row.start, f"began with {row.start}")
    return ", ".join(part for part in (began, "" if row.status == "finished" else row.status) if part)


def _count(value: float) -> str:
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {sign}"
    return f"{value:.0f}"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"


def _short(words: str, most: int = 26) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
