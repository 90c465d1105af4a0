"""What was delivered where: ``OUT/delivery/journal.jsonl``, one line for each step of each picture.

A picture is logged as ``sending`` before it is written, and as ``sent`` once it was read back. So after a kill at any
moment it is known whether what lies at the target is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import partial
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from packshot.storage import RowLog, parse_row

__all__ = ["REPAIR", "DeliveryLog", "LogLine", "Step"]

REPAIR = "restore the file from a backup, or remove that line: its picture is delivered again"
"""What can be done about a damaged line of a delivery's log."""

_HEADER = b'{"journal": "packshot deliver", "version": 1}\n'


class Step(StrEnum):
    """How far a picture has come."""

    #: It is about to be written.
    SENDING = "sending"
    #: It is there.
    SENT = "sent"
    #: It was delivered, and was taken away.
    GONE = "gone"


class LogLine(BaseModel):
    """A line of the log.

    Attributes:
        at: when, in UTC.
        target: as `Target.name` says it.
        step: how far it has come.
        place: of the file at the target; of a feed's pictures, the channel and file.
        sha256: of its bytes.
        said: SHA-256 of what is said of the picture; None of tables and feeds.
        source: the photo; None of tables and feeds.
        sku: of its product.
        channel: the profile.
        file: the picture's path below its channel.
    """

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    target: str
    step: Step
    place: str
    sha256: str
    said: str | None = None
    source: str | None = None
    sku: str | None = None
    channel: str | None = None
    file: str | None = None


class DeliveryLog(RowLog[LogLine]):
    """What one target got from one run's folder.

    Args:
        path: of the log; it is made with the first line.
        target: whose lines are read; the log holds those of all targets.

    Attributes:
        sent: place to the line that says it is there.
        begun: the same of pictures that were about to be written and were not read back.
        ours: place to the hashes of all that was ever written there, or was about to be.

    Raises:
        UsageError: a line is damaged, which is named; or the file is something else.
    """

    def __init__(self, path: Path, target: str) -> None:
        super().__init__(path, partial(parse_row, LogLine), header=_HEADER, repair=REPAIR)
        self._target = target
        self.sent: dict[str, LogLine] = {}
        self.begun: dict[str, LogLine] = {}
        self.ours: dict[str, set[str]] = {}
        self.read(self._take)

    def add(self, lines: Iterable[LogLine], *, sync: bool = True) -> None:
        """Add lines, within ``with``; without `sync` only a power cut can lose them.

        Raises:
            OutputError: they could not be written.
        """
        new = list(lines)
        self.append(new, sync=sync)
        for line in new:
            self._take(line)

    def _take(self, line: LogLine) -> None:
        if line.target != self._target:
            return
        self.ours.setdefault(line.place, set()).add(line.sha256)
        if line.step is Step.SENDING:
            if line.source is not None:
                self.begun[line.place] = line
            return
        self.begun.pop(line.place, None)
        self.sent.pop(line.place, None)
        if line.step is Step.SENT:
            self.sent[line.place] = line
