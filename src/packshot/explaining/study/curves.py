"""What the dose of a change does: every kind that a study asked about at several doses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from packshot.evaluation.changes import ChangeFigures
from packshot.explaining.interventions import KINDS
from packshot.web.study_page import DoseCurve, DosePoint

__all__ = ["dose_curves"]


def dose_curves(figures: Sequence[ChangeFigures]) -> list[DoseCurve]:
    """A curve for each kind of change with two doses or more; where a dose means no change, the photos as they are too.

    Args:
        figures: of `study_figures`.
    """
    plain = next(row for row in figures if not row.name)
    points: dict[str, dict[float, DosePoint]] = defaultdict(dict)
    for row in figures:
        name, _, dose = row.name.partition(" ")
        kind = KINDS.get(name)
        if kind is not None and kind.doses is not None:
            low, high = row.flips_interval
            points[name][float(dose)] = DosePoint(
                float(dose), row.accuracy, 1 - row.flips, row.accuracy_interval, (1 - high, 1 - low)
            )
    found = []
    for name, kind in KINDS.items():
        if len(at := points[name]) < 2:
            continue
        if kind.nothing is not None:
            as_it_is = DosePoint(kind.nothing, plain.accuracy, 1.0, plain.accuracy_interval, (1.0, 1.0))
            at.setdefault(kind.nothing, as_it_is)
        found.append(DoseCurve(name, kind.words, tuple(at[dose] for dose in sorted(at))))
    return found
