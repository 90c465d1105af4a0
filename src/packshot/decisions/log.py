"""The log of decisions: one JSON line for each decision and each undo, in the order of time; never rewritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Unpack

from packshot.decisions.decision import AnswerFields, Decision, Kind, Seen, Undo
from packshot.errors import UsageError
from packshot.storage.log import parse_row
from packshot.storage.row_log import RowLog
from packshot.storage.times import utc_now

__all__ = ["DecisionLog", "NewDecision", "file_stamp", "require_name"]

_HEADER = b'{"journal": "packshot review", "version": 1}\n'
_REPAIR = "restore the file from a backup, or remove that line: its decision is lost, the others stay"


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision before it has a number.

    Attributes:
        kind: what is decided.
        source: name of the photo.
        seen: what lay before the person.
        answer: `category`, `mask` with its `strokes`, `subject`, `frame`, `attribute` or `reason`, as the kind asks.
    """

    kind: Kind
    source: str
    seen: Seen
    answer: AnswerFields = field(default_factory=AnswerFields)


class DecisionLog:
    """Decisions that stand, and those that were taken back.

    Reading takes no lock, also while others add. Whoever adds holds a lock on the log for as long as that takes. A line
    that a killed process left unfinished was never acknowledged; it is passed over, and removed by the next writer.

    Args:
        path: of the file; it is made with the first decision.

    Attributes:
        path: of the file.
        made: every decision by its number, also those taken back.
        last: the highest number, 0 without any.
        undone: numbers of decisions to what took them back.

    Raises:
        UsageError: a line is damaged, which is named; or the file is something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: RowLog[Decision | Undo] = RowLog(path, _parse, header=_HEADER, repair=_REPAIR)
        self.made: dict[int, Decision] = {}
        self.last = 0
        self.undone: dict[int, Undo] = {}
        self._stamp: tuple[int, int] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Read what others have added meanwhile.

        Raises:
            UsageError: as at the beginning.
        """
        stamp = file_stamp(self.path)
        if stamp is not None and stamp == self._stamp:
            return
        self.made, self.last, self.undone = {}, 0, {}
        self._rows.read(self._take)
        self._stamp = stamp

    def standing(self) -> list[Decision]:
        """What was not taken back, in the order of time."""
        return [decision for decision in tuple(self.made.values()) if decision.number not in self.undone]

    def by_content(self) -> dict[str, list[Decision]]:
        """What stands, by the SHA-256 of the photo's file: a photo that moved keeps its decisions."""
        found: dict[str, list[Decision]] = defaultdict(list)
        for decision in self.standing():
            found[decision.seen.photo].append(decision)
        return dict(found)

    def by_source(self) -> dict[str, list[Decision]]:
        """What stands, by the name the photo had when it was decided on."""
        found: dict[str, list[Decision]] = defaultdict(list)
        for decision in self.standing():
            found[decision.source].append(decision)
        return dict(found)

    def decide(self, kind: Kind, source: str, *, by: str, seen: Seen, **answer: Unpack[AnswerFields]) -> Decision:
        """Add a decision; it is on the disk when this returns.

        Args:
            kind: what is decided.
            source: name of the photo.
            by: who decides.
            seen: what lay before that person.
            answer: `category`, `mask` with its `strokes`, `subject`, `frame`, `attribute` or `reason`, by its kind.

        Raises:
            UsageError: nobody was named.
            OutputError: it could not be written, and does not count.
        """
        return self.decide_all([NewDecision(kind, source, seen, answer)], by=by)[0]

    def decide_all(
        self, new: Sequence[NewDecision], *, by: str, together: int | None = None, part: bool = False
    ) -> list[Decision]:
        """Add several decisions that are made at once; they are on the disk when this returns.

        A process that is killed meanwhile leaves the first of them, each whole, or none.

        Args:
            new: the decisions.
            by: who decides.
            together: number of the first decision, if some of those that are made at once were added before.
            part: only what is said is decided, and other doubts about the photos stay.

        Raises:
            UsageError: nobody was named.
            OutputError: they could not be written, and none of them counts.
        """
        by, at, first = require_name(by), utc_now(), self.last + 1
        together = together or (first if len(new) > 1 else None)
        made = [
            Decision(
                number=number,
                kind=one.kind,
                source=one.source,
                by=by,
                at=at,
                seen=one.seen,
                together=together,
                part=True if part else None,
                **one.answer,
            )
            for number, one in enumerate(new, start=first)
        ]
        self._write(made)
        return made

    def undo(self, *decisions: Decision, by: str) -> None:
        """Take decisions back; earlier ones on the same photos count again. It is on the disk when this returns.

        Raises:
            UsageError: nobody was named.
            OutputError: it could not be written, and the decisions stand.
        """
        by, at = require_name(by), utc_now()
        numbered = enumerate(decisions, start=self.last + 1)
        self._write([Undo(number=number, undo=one.number, by=by, at=at) for number, one in numbered])

    def made_with(self, decision: Decision) -> list[Decision]:
        """The decisions that were made at once with this one and stand, in the order of time; else this one."""
        if decision.together is None:
            return [decision]
        return [one for one in self.standing() if one.together == decision.together]

    def _write(self, rows: Iterable[Decision | Undo]) -> None:
        new = list(rows)
        if not new:
            return
        with self._rows:
            self._rows.append(new)
        for row in new:
            self._take(row)
        self._stamp = file_stamp(self.path)

    def _take(self, row: Decision | Undo) -> None:
        if row.number <= self.last:
            raise ValueError(f"number {row.number} after {self.last}")
        if isinstance(row, Decision):
            self.made[row.number] = row
        elif row.undo in self.made:
            self.undone[row.undo] = row
        else:
            raise ValueError(f"takes back {row.undo}, which is not there")
        self.last = row.number


def require_name(by: str) -> str:
    """Who decides, without blanks around.

    Raises:
        UsageError: nobody was named.
    """
    if not by.strip():
        raise UsageError("a decision needs a name", remedy="say who decides")
    return by.strip()


def _parse(line: bytes) -> Decision | Undo:
    # In a reason that a person typed, the quotes would be escaped.
    return parse_row(Undo, line) if b'"undo":' in line else parse_row(Decision, line)


def file_stamp(path: Path) -> tuple[int, int] | None:
    """What changes with a file; None where it cannot be looked at, and reading it says why."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
