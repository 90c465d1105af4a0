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
            points[name][float(dose)] = DosePoint(float(dose), row.accuracy, 1 - row.flips)
    found = []
    for name, kind in KINDS.items():
        if len(at := points[name]) < 2:
            continue
        if kind.nothing is not None:
            at.setdefault(kind.nothing, DosePoint(kind.nothing, plain.accuracy, 1.0))
        found.append(DoseCurve(name, kind.words, tuple(at[dose] for dose in sorted(at))))
    return found
