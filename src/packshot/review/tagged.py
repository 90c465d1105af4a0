"""Pictures of web pages that persons tagged: the files, a log of who said what and where from, a table to train on."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from packshot.datasets import Item, Split
from packshot.datasets.manifest import manifest_text
from packshot.errors import OutputError, UsageError
from packshot.storage import write_atomic
from packshot.storage.lock import Lock
from packshot.storage.log import parse_row
from packshot.storage.row_log import RowLog
from packshot.storage.times import utc_now

__all__ = ["Tagged", "TaggedPhotos"]

_HEADER = b'{"journal": "packshot tagged", "version": 1}\n'
_WAIT_S = 10.0
_ENDINGS = {"JPEG": "jpg", "TIFF": "tif", "HEIF": "heic", "MPO": "jpg"}


class Tagged(BaseModel):
    """A line of the log.

    Attributes:
        number: counts lines from 1.
        at: when, in UTC.
        by: who.
        photo: the file, below the folder.
        sha256: of the file.
        url: where the picture lies in the web.
        page: that showed it; empty where nobody said.
        tag: what it shows, the label of the table.
        undo: number of the line that this one takes back; None where it is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    at: AwareDatetime
    by: str = Field(min_length=1)
    photo: str
    sha256: str
    url: str
    page: str = ""
    tag: str = Field(min_length=1)
    undo: int | None = Field(default=None, ge=1)


class TaggedPhotos:
    """A folder of tagged pictures: ``photos/``, ``tagged.jsonl``, and ``labels.csv``, which follows every change.

    Nothing is removed from the log, and no file by an undo: it leaves the table. A picture that is tagged again gets
    the last tag.

    Args:
        folder: made when the first picture comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table = folder / "labels.csv"
        self._log = RowLog(
            folder / "tagged.jsonl",
            partial(parse_row, Tagged),
            header=_HEADER,
            repair="restore the file from a backup",
        )

    def lines(self) -> list[Tagged]:
        """The log, in the order of time.

        Raises:
            UsageError: a line is damaged, or the file is something else.
        """
        lines: list[Tagged] = []
        self._log.read(lines.append)
        return lines

    def standing(self) -> list[Tagged]:
        """What was not taken back, in the order of time."""
        lines = self.lines()
        undone = {line.undo for line in lines}
        return [line for line in lines if line.undo is None and line.number not in undone]

    def tags(self) -> list[tuple[str, int]]:
        """Tags to pictures, the most frequent first."""
        return Counter({line.photo: line.tag for line in self.standing()}.values()).most_common()

    def add(self, content: bytes, *, format: str, url: str, page: str, tag: str, by: str) -> Tagged:  # noqa: A002
        """Keep a picture with its tag; it is on the disk when this returns.

        Args:
            content: a file that was decoded.
            format: of it, as the decoder names it.
            url: where it lies in the web.
            page: that showed it.
            tag: what it shows.
            by: who says so.

        Raises:
            OutputError: it could not be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        photo = f"photos/{sha256[:16]}.{_ENDINGS.get(format, format.lower())}"
        with self._held():
            if not (self.folder / photo).is_file():
                write_atomic(self.folder / photo, content)
            line = Tagged(
                number=len(self.lines()) + 1,
                at=utc_now(),
                by=by,
                photo=photo,
                sha256=sha256,
                url=url,
                page=page,
                tag=tag,
            )
            self._append(line)
        return line

    def undo(self, *, by: str) -> Tagged:
        """Take back the last tag that a person gave.

        Returns:
            What no longer counts.

        Raises:
            UsageError: there is none.
            OutputError: it could not be written.
        """
        with self._held():
            mine = [line for line in self.standing() if line.by == by]
            if not mine:
                raise UsageError("you tagged nothing, or all was taken back", remedy="there is nothing to undo")
            last = mine[-1]
            number = len(self.lines()) + 1
            self._append(last.model_copy(update={"number": number, "at": utc_now(), "by": by, "undo": last.number}))
        return last

    def _append(self, line: Tagged) -> None:
        with self._log:
            self._log.append([line])
        last = {each.photo: each for each in self.standing()}
        items = [
            Item("", Split.TRAIN, self.folder / photo, label=each.tag, group=each.sha256[:16])
            for photo, each in sorted(last.items())
        ]
        write_atomic(self.table, manifest_text(self.table, items, splits=False).encode())

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        busy = OutputError(f"another process writes into {self.folder}", remedy="try again in a moment")
        with Lock(self.folder / "tagged.lock", busy=lambda: busy, wait_s=_WAIT_S).hold():
            yield
