"""The page of a study: what each change does to the answers, and the photos it hurt most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from packshot.evaluation.changes import ChangeFigures
from packshot.values import Rgb
from packshot.web.evaluation_report.pictures import shrink, webp_uri
from packshot.web.rendering import render
from packshot.web.run_report.words import printable

__all__ = ["ChangedPhoto", "StudyRow", "study_page"]

_SIDE = 256  # pixels of a picture's longer side
_CERTAIN = 0.05  # p, from which on down a change is called one

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ChangedPhoto:
    """A photo before and after a change.

    Attributes:
        name: its path.
        before: uint8 (h, w, 3).
        after: uint8 (h', w', 3).
        said: the answer before.
        now: the answer after.
        logit: change of the log odds of the answer before.
    """

    name: str
    before: Rgb = field(repr=False)
    after: Rgb = field(repr=False)
    said: str
    now: str
    logit: float

    @property
    def shown_name(self) -> str:
        """The path, with what cannot be shown as escapes."""
        return printable(self.name)

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """What each picture is, and its data address."""
        return tuple(
            (words, webp_uri(shrink(rgb, side=_SIDE)))
            for words, rgb in (("Before", self.before), ("After", self.after))
        )


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One change: its figures and the photos it hurt most."""

    figures: ChangeFigures
    photos: tuple[ChangedPhoto, ...]

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


def study_page(name: str, rows: Sequence[StudyRow], *, facts: Mapping[str, str], unreadable: Sequence[str]) -> str:
    """An HTML page in one file without requests.

    Args:
        name: of the study.
        rows: the photos as they are first, then each change.
        facts: what was asked, of what: name -> words.
        unreadable: names of photos that could not be asked about.
    """
    return render(
        "study.html.jinja", name=name, rows=rows, facts=facts, unreadable=[printable(each) for each in unreadable]
    )


def _ranged(value: float, interval: Interval) -> str:
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})"


def _signed(value: float, interval: Interval) -> str:
    return f"{value:+.2f} ({interval[0]:+.2f} to {interval[1]:+.2f})"
