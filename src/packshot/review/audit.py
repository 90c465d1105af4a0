"""Who decided what and when: the log of decisions as a table, with what was taken back and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from datetime import datetime

from packshot.decisions import Decision, DecisionLog, answer_words
from packshot.storage.table import csv_table

__all__ = ["AuditRow", "audit_csv", "audit_rows"]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the log.

    Attributes:
        number: counts decisions and undos from 1.
        at: when, in UTC.
        by: who.
        photo: as the manifest named it.
        decision: what was decided, in words; what was taken back, for an undo.
        takes_back: number of the decision that this line takes back; None where it is a decision.
        taken_back: number of the line that takes this decision back; None where it stands.
        sha256: of the photo's file.
        seen: token of the result that was looked at.
    """

    number: int
    at: datetime
    by: str
    photo: str
    decision: str
    takes_back: int | None
    taken_back: int | None
    sha256: str
    seen: str

    def row(self) -> dict[str, object]:
        """As JSON has it."""
        return {**asdict(self), "at": self.at.isoformat()}

    def words(self) -> str:
        """For a person."""
        undone = "" if self.taken_back is None else f" (taken back by number {self.taken_back})"
        return f"{self.number}  {self.at:%Y-%m-%d %H:%M}  {self.by}  {self.photo}: {self.decision}{undone}"


def audit_rows(log: DecisionLog) -> list[AuditRow]:
    """Every line, in the order of time."""
    rows = [_made(one, log) for one in log.made.values()]
    for undo in log.undone.values():
        what = log.made[undo.undo]
        words = f"took back: {answer_words(what)}"
        rows.append(
            AuditRow(
                undo.number, undo.at, undo.by, what.source, words, undo.undo, None, what.seen.photo, what.seen.token
            )
        )
    return sorted(rows, key=lambda row: row.number)


def audit_csv(rows: Iterable[AuditRow]) -> str:
    """The table as CSV with a line of names; no cell begins as a formula would."""
    header = [field.name for field in fields(AuditRow)]
    return csv_table(header, ([_cell(value) for value in astuple(row)] for row in rows)).decode()


def _made(one: Decision, log: DecisionLog) -> AuditRow:
    undo = log.undone.get(one.number)
    taken_back = None if undo is None else undo.number
    return AuditRow(
        one.number, one.at, one.by, one.source, answer_words(one), None, taken_back, one.seen.photo, one.seen.token
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
