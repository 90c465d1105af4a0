"""All decisions in the order of time, in ``OUT/review/journal.jsonl``: appended, never rewritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from packshot.durable.journal import JournalFile, read_journal
from packshot.errors import UsageError
from packshot.review.decisions import Decision, Undo

__all__ = ["HEADER", "Decisions", "open_journal", "read_decisions"]

HEADER = b'{"journal": "packshot review", "version": 1}\n'
_REMEDY = "move it away, or upgrade packshot if a newer one wrote it"


class Decisions:
    """What a journal says: decisions that stand, and those that were taken back.

    Args:
        lines: of the journal, without its header.
        path: of the journal, for messages.

    Attributes:
        made: every decision by its number, also those taken back.
        last: the highest number, 0 without any.

    Raises:
        UsageError: a line is damaged; says which.
    """

    def __init__(self, lines: Sequence[bytes], *, path: Path) -> None:
        self.made: dict[int, Decision] = {}
        self.last = 0
        self._undone: set[int] = set()
        for place, line in enumerate(lines, start=2):
            try:
                # In a reason that a person typed, the quotes would be escaped.
                self.take(Undo.model_validate_json(line) if b'"undo":' in line else Decision.model_validate_json(line))
            except ValueError as error:
                reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
                raise UsageError(
                    f"{path}, line {place} is damaged ({reason})",
                    remedy="restore the file from a backup, or remove that line: its decision is lost, the others stay",
                ) from error

    def take(self, row: Decision | Undo) -> None:
        """Add a line.

        Raises:
            ValueError: it takes back what was never decided, or its number is not above all others.
        """
        if row.number <= self.last:
            raise ValueError(f"number {row.number} after {self.last}")
        if isinstance(row, Decision):
            self.made[row.number] = row
        elif row.undo in self.made:
            self._undone.add(row.undo)
        else:
            raise ValueError(f"takes back {row.undo}, which is not there")
        self.last = row.number

    def standing(self) -> list[Decision]:
        """What was not taken back, in the order of time."""
        return [decision for decision in self.made.values() if decision.number not in self._undone]

    def by_content(self) -> dict[str, list[Decision]]:
        """What stands, by the SHA-256 of the photo's file: a photo that moved keeps its decisions."""
        found: dict[str, list[Decision]] = defaultdict(list)
        for decision in self.standing():
            found[decision.seen.photo].append(decision)
        return dict(found)

    def sources(self) -> frozenset[str]:
        """The names of all photos with a decision that stands."""
        return frozenset(decision.source for decision in self.standing())


def read_decisions(path: Path) -> Decisions:
    """The decisions of a journal, while others may be adding to it; none if it is not there.

    Raises:
        UsageError: it is damaged, or something else.
    """
    return Decisions(read_journal(path, header=HEADER, remedy=_REMEDY), path=path)


def open_journal(path: Path) -> JournalFile:
    """The journal open for appending, which the caller holds locked.

    Raises:
        UsageError: the file is something else.
        OutputError: it cannot be opened or written.
    """
    return JournalFile(path, header=HEADER, remedy=_REMEDY)
