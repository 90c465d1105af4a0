"""Proposals of a detector, kept beside the table so that an unchanged photo is not looked at twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from packshot.closing import Closing
from packshot.review.labelling.proposal import Proposal
from packshot.storage.log import AppendOnlyLog
from packshot.values import Box

__all__ = ["ProposalCache"]

_HEADER = b'{"cache": "packshot label proposals", "version": 1}\n'


class _Row(TypedDict):
    """A `Proposal` as a line has it."""

    photo: str
    stamp: tuple[int, int]
    sha256: str
    size: tuple[int, int]
    model: str
    framed: bool
    score: float
    box: tuple[int, int, int, int]


class ProposalCache(Closing):
    """The last proposal for each photo; one that is lost or damaged is made again.

    Args:
        path: of the file, which the caller holds locked; it is made if it is missing.

    Attributes:
        proposals: by the photo's name.

    Raises:
        UsageError: the file is something else.
        OutputError: it cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self.proposals: dict[str, Proposal] = {}
        self._file = AppendOnlyLog(path, header=_HEADER, remedy="move it away, or name another table with -o")
        for _, line in self._file:
            try:
                proposal = _proposal(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue
            self.proposals[proposal.photo] = proposal

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, proposal: Proposal) -> None:
        """Keep a proposal for the next run. Not fsynced: losing one is harmless.

        Raises:
            OutputError: it could not be written.
        """
        row = {name: getattr(proposal, name) for name in Proposal.__slots__}
        self._file.append(row | {"box": proposal.box.as_tuple()}, sync=False)
        self.proposals[proposal.photo] = proposal


def _proposal(row: _Row) -> Proposal:
    bytes_, changed = row["stamp"]
    width, height = row["size"]
    return Proposal(
        photo=row["photo"],
        stamp=(bytes_, changed),
        sha256=row["sha256"],
        size=(width, height),
        model=row["model"],
        framed=row["framed"],
        score=row["score"],
        box=Box(*row["box"]),
    )
