"""A log whose lines are rows of one type: read into memory at the beginning, appended to later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from packshot.closing import Closing
from packshot.errors import UsageError
from packshot.storage.log import AppendOnlyLog, read_log

__all__ = ["RowLog"]

Row = TypeVar("Row", bound=BaseModel)


class RowLog(Closing, Generic[Row]):
    r"""Rows in a file. Reading takes no lock, also while others append; whoever appends holds one.

    The file is made with the first row, and open from then until `close`, or the end of ``with``. A field that is None
    is not written: None must be its default.

    Args:
        path: of the file.
        parse: a row from its line; raises ValueError where it is none.
        header: the file's first line, with its ``\n``.
        repair: what can be done about a damaged line, and what that costs.
        remedy: of the error where another file lies there.

    Attributes:
        path: of the file.
    """

    def __init__(
        self,
        path: Path,
        parse: Callable[[bytes], Row],
        *,
        header: bytes,
        repair: str,
        remedy: str = "move it away, or upgrade packshot if a newer one wrote it",
    ) -> None:
        self.path = path
        self._parse, self._header, self._repair, self._remedy = parse, header, repair, remedy
        self._file: AppendOnlyLog | None = None

    def close(self) -> None:
        """Let go of the file; the next row opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, take: Callable[[Row], object]) -> None:
        """Read the file as it is now.

        Args:
            take: given each row in its order; raises ValueError where it contradicts those before.

        Raises:
            UsageError: a line is damaged, which is named; or the file is something else.
        """
        for number, line in enumerate(read_log(self.path, header=self._header, remedy=self._remedy), start=2):
            try:
                take(self._parse(line))
            except ValueError as error:
                reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
                raise UsageError(f"{self.path}, line {number} is damaged ({reason})", remedy=self._repair) from error

    def append(self, rows: Iterable[Row], *, sync: bool = True) -> None:
        """Write rows at once; with `sync` they are on the disk when this returns, without it a power cut can lose them.

        Raises:
            UsageError: the file is something else.
            OutputError: they could not be written, and none of them is there.
        """
        new = [row.model_dump(mode="json", exclude_none=True) for row in rows]
        if not new:
            return
        if self._file is None:
            self._file = AppendOnlyLog(self.path, header=self._header, remedy=self._remedy)
        self._file.append_all(new, sync=sync)
