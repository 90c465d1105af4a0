"""The page of a study: what each change does to the answers, and the photos it hurt most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from packshot.evaluation.changes import ChangeFigures
from packshot.storage.encodable import printable
from packshot.values import Rgb
from packshot.web.evaluation_report.pictures import shrink, webp_uri
from packshot.web.line_chart import Panel, Series, line_chart
from packshot.web.rendering import render

__all__ = ["HEADER", "ChangedPhoto", "DoseCurve", "DosePoint", "StudyRow", "study_cells", "study_page"]

#: Titles of the columns of `study_cells`.
HEADER = ("change", "answered rightly", "other answer", "log odds", "p")

_SIDE = 256  # pixels of a picture's longer side
_CERTAIN = 0.05  # p, from which on down a change is called one

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChangedPhoto:
    """A photo before and after a change, and its control.

    Attributes:
        name: its path.
        before: uint8 (h, w, 3).
        after: uint8 (h', w', 3).
        control: uint8 (h, w, 3), as much changed where it should not matter; None without one.
        true: label; None where nobody knows.
        said: the answer before.
        now: the answer after.
        said_of_control: the answer about the control.
        logit: change of the log odds of the answer before.
    """

    name: str
    before: Rgb = field(repr=False)
    after: Rgb = field(repr=False)
    said: str
    now: str
    logit: float
    true: str | None = None
    control: Rgb | None = field(default=None, repr=False)
    said_of_control: str | None = None

    @property
    def shown_name(self) -> str:
        """The path, with what cannot be shown as escapes."""
        return printable(self.name)

    @property
    def pictures(self) -> tuple[tuple[str, str, str], ...]:
        """What each picture is, what was answered of it, and its data address."""
        shown = [("Before", self.said, self.before), ("After", self.now, self.after)]
        if self.control is not None and self.said_of_control is not None:
            shown.append(("Control", self.said_of_control, self.control))
        return tuple((words, said, webp_uri(shrink(rgb, side=_SIDE))) for words, said, rgb in shown)


@dataclass(frozen=True, slots=True)
class DosePoint:
    """What is left of the answers at one dose.

    Attributes:
        dose: of the change, in its own unit.
        accuracy: share answered rightly, 0..1; None where nothing is known to be true.
        same: share whose answer is the unchanged photo's, 0..1.
        accuracy_interval: of 95 %; None where nothing is known to be true.
        same_interval: of 95 %.
    """

    dose: float
    accuracy: float | None
    same: float
    accuracy_interval: Interval | None
    same_interval: Interval


@dataclass(frozen=True, slots=True)
class DoseCurve:
    """One kind of change, from its least dose to its greatest.

    Attributes:
        kind: its name.
        words: what the dose is.
        points: at least two, by rising dose.
    """

    kind: str
    words: str
    points: tuple[DosePoint, ...]

    @property
    def chart(self) -> Markup:
        """The curve as SVG."""
        right = [
            (point.dose, point.accuracy, point.accuracy_interval)
            for point in self.points
            if point.accuracy is not None and point.accuracy_interval is not None
        ]
        same = [(point.dose, point.same, point.same_interval) for point in self.points]
        shown = [_banded("same answer", same, dashed=True)]
        if right:
            shown.insert(0, _banded("answered rightly", right))
        return Markup(line_chart([Panel(self.kind, self.words, shown, shares=True)]))  # noqa: S704 - it escapes every word


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One change: its figures, the photos it hurt most, and what has to be known of them."""

    figures: ChangeFigures
    photos: tuple[ChangedPhoto, ...]
    note: str = ""

    @property
    def name(self) -> str:
        """As it was asked for."""
        return self.figures.name or "as it is"

    @property
    def cells(self) -> tuple[str, ...]:
        """Accuracy, flips, logit and p in words."""
        row = self.figures
        accuracy = (
            ""
            if row.accuracy is None or row.accuracy_interval is None
            else _ranged(row.accuracy, row.accuracy_interval)
        )
        if not row.name:
            return accuracy, "", "", ""
        p = "" if row.p is None else ("< 0.001" if row.p < 0.001 else f"{row.p:.3f}")
        return accuracy, _ranged(row.flips, row.flips_interval), _signed(row.logit, row.logit_interval), p

    @property
    def certain(self) -> bool:
        """Whether the change matters for sure: by McNemar's test, or by the logit where nothing is known."""
        row = self.figures
        if row.p is not None:
            return row.p <= _CERTAIN
        return bool(row.name) and row.logit_interval[1] < 0


def study_cells(figures: Sequence[ChangeFigures]) -> list[tuple[str, ...]]:
    """Each change in words, a text for each title of `HEADER`.

    Args:
        figures: the photos as they are first, then each change.
    """
    return [(row.name, *row.cells) for row in (StudyRow(each, ()) for each in figures)]


def study_page(
    name: str,
    rows: Sequence[StudyRow],
    *,
    facts: Mapping[str, str],
    unreadable: Sequence[str],
    notes: Sequence[str] = (),
    curves: Sequence[DoseCurve] = (),
) -> str:
    """An HTML page in one file without requests.

    Args:
        name: of the study.
        rows: the photos as they are first, then each change.
        facts: what was asked, of what: name -> words.
        unreadable: names of photos that could not be asked about.
        notes: on changes that have no row.
        curves: kinds of change at several doses.
    """
    return render(
        "study.html.jinja",
        name=name,
        rows=rows,
        facts=facts,
        unreadable=[printable(each) for each in unreadable],
        notes=notes,
        curves=curves,
    )


def _banded(name: str, points: Sequence[tuple[float, float, Interval]], *, dashed: bool = False) -> Series:
    """A curve of doses, values and their intervals."""
    doses, values, intervals = zip(*points, strict=True)
    low, high = zip(*intervals, strict=True)
    return Series(name, doses, values, within=(low, high), dashed=dashed)


def _ranged(value: float, interval: Interval) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _signed(value: float, interval: Interval) -> str:
    return f"{value:+.2f} ({interval[0]:+.2f} to {interval[1]:+.2f})"
