"""Every decision in the order of time: appended, on the disk before the page is told, never rewritten.

The manifest is compiled from it. An undo is a further line, so any decision can be taken back at any time, also after
a restart. Proposals are kept along, so that a restart need not run the detector again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from packshot.durable.journal import JournalFile
from packshot.labelling.answers import Decision, Proposal
from packshot.values import Box

__all__ = ["Journal"]

_HEADER = b'{"journal": "packshot label frame", "version": 1}\n'


class Journal:
    """Decisions and proposals on disk; all of them are held in memory, too.

    A line that a killed run left unfinished was never acknowledged, and is passed over.

    Args:
        path: of the file, which the caller holds locked; it is made if it is missing.

    Attributes:
        path: of the file.
        proposals: the last one of each photo, by the photo's name.

    Raises:
        UsageError: the file is something else.
        OutputError: it cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.proposals: dict[str, Proposal] = {}
        self._standing: dict[str, list[Decision]] = defaultdict(list)
        self._made: dict[int, Decision] = {}
        self._file = JournalFile(path, header=_HEADER, remedy="move it away, or name another file with -o")
        for line in self._file.lines:
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def _take(self, row: dict[str, Any]) -> None:
        if "undo" in row:
            self._take_back(self._made[row["undo"]])
        elif "number" in row:
            box = Box(*row["box"]) if row["box"] else None
            decision = Decision(row["number"], row["photo"], row["sha256"], row["framed"], box)
            self._made[decision.number] = decision
            self._standing[decision.photo].append(decision)
        else:
            bytes_, changed = row["stamp"]
            width, height = row["size"]
            fields = row | {"stamp": (bytes_, changed), "size": (width, height), "box": Box(*row["box"])}
            self.proposals[row["photo"]] = Proposal(**fields)

    def _take_back(self, decision: Decision) -> None:
        if decision in self._standing[decision.photo]:
            self._standing[decision.photo].remove(decision)

    def current(self, photo: str, *, sha256: str | None = None) -> Decision | None:
        """The last decision of a photo that was not taken back, or None.

        Args:
            photo: its name.
            sha256: leave out decisions on another content.
        """
        return next((d for d in reversed(self._standing[photo]) if sha256 in (None, d.sha256)), None)

    def photos(self) -> list[str]:
        """Names of all photos that are decided, sorted."""
        return sorted(photo for photo, decisions in self._standing.items() if decisions)

    def made(self) -> list[Decision]:
        """Every decision ever made, also those taken back, in the order of time."""
        return list(self._made.values())

    def decide(self, photo: str, *, sha256: str, framed: bool, box: Box | None) -> Decision:
        """Write down a decision; it is on the disk when this returns.

        Raises:
            OutputError: it could not be written, and does not count.
        """
        decision = Decision(next(reversed(self._made), 0) + 1, photo, sha256, framed, box)
        row = {"number": decision.number, "photo": photo, "sha256": sha256, "framed": framed}
        self._file.append(row | {"box": box.as_tuple() if box else None})
        self._made[decision.number] = decision
        self._standing[photo].append(decision)
        return decision

    def undo(self, decision: Decision) -> None:
        """Take a decision back; an earlier one of the same photo counts again.

        Raises:
            OutputError: it could not be written, and the decision stands.
        """
        self._file.append({"undo": decision.number})
        self._take_back(decision)

    def remember(self, proposal: Proposal) -> None:
        """Keep a proposal for the next run; that one is lost with the power is no harm.

        Raises:
            OutputError: it could not be written.
        """
        row = {name: getattr(proposal, name) for name in Proposal.__slots__}
        self._file.append(row | {"box": proposal.box.as_tuple()}, sync=False)
        self.proposals[proposal.photo] = proposal
