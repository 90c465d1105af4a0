"""What shops got: ``OUT/delivery/shops.jsonl``, a line for each step of each picture.

Each line is on the disk before the next step. A picture is ``uploaded`` once the shop has it, and ``shown`` once its
product was seen to show it.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from packshot.delivery.direct.target import ShopTarget
from packshot.errors import UsageError
from packshot.storage import AppendOnlyLog, parse_row, read_log

__all__ = ["ShopLine", "ShopLog", "ShopStep", "now"]

_HEADER = b'{"journal": "packshot deliver, shops", "version": 1}\n'
_REMEDY = "move it away, or upgrade packshot if a newer one wrote it"


class ShopStep(StrEnum):
    """How far a picture has come."""

    #: It is about to be uploaded.
    SENDING = "sending"
    #: The shop has it.
    UPLOADED = "uploaded"
    #: Its product shows it.
    SHOWN = "shown"
    #: Its product shows it no longer.
    GONE = "gone"


class ShopLine(BaseModel):
    """A line of the log.

    Attributes:
        at: when, in UTC.
        shop: as `ShopTarget.name` says it.
        step: how far it has come.
        place: channel and file.
        sha256: of its bytes.
        said: its alt text.
        product: the shop's id.
        picture: the shop's id; None before it has one.
        url: where it is published.
        source: the photo.
        sku: of its product.
        channel: the profile.
        file: the picture's path below its channel.
        variants: the shop's ids of variants whose own picture it is.
    """

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    shop: str
    step: ShopStep
    place: str
    sha256: str
    said: str = ""
    product: str
    picture: str | None = None
    url: str | None = None
    source: str
    sku: str
    channel: str
    file: str
    variants: tuple[str, ...] = ()


class ShopLog:
    """What one shop got from one run's folder; may be written by several threads.

    Args:
        path: of the log; it is made with the first line.
        shop: whose lines are read.

    Attributes:
        shown: place to the line that says its product shows it.
        uploaded: place and content to the line that says the shop has it.
        pictures: the shop's id to the last line about it.

    Raises:
        UsageError: a line is damaged, which is named; or the file is something else.
    """

    def __init__(self, path: Path, shop: ShopTarget) -> None:
        self._path, self._shop = path, shop.name
        self._file: AppendOnlyLog | None = None
        self._lock = threading.Lock()
        self.shown: dict[str, ShopLine] = {}
        self.uploaded: dict[tuple[str, str], ShopLine] = {}
        self.pictures: dict[str, ShopLine] = {}
        for number, line in enumerate(read_log(path, header=_HEADER, remedy=_REMEDY), start=2):
            try:
                self._take(parse_row(ShopLine, line))
            except ValidationError as error:
                raise UsageError(
                    f"{path}, line {number} is damaged ({error.errors()[0]['msg']})",
                    remedy="restore the file from a backup, or remove that line: its picture is delivered again",
                ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, *lines: ShopLine) -> None:
        """Add lines, within ``with``; they are on the disk when this returns.

        Raises:
            OutputError: they could not be written.
        """
        if not lines:
            return
        with self._lock:
            if self._file is None:
                self._file = AppendOnlyLog(self._path, header=_HEADER, remedy=_REMEDY)
            self._file.append_all(line.model_dump(mode="json", exclude_none=True) for line in lines)
            for line in lines:
                self._take(line)

    def _take(self, line: ShopLine) -> None:
        if line.shop != self._shop:
            return
        key = (line.place, line.sha256)
        if line.picture is not None:
            self.pictures[line.picture] = line
        if line.step is ShopStep.UPLOADED:
            self.uploaded[key] = line
        elif line.step is ShopStep.SHOWN:
            self.uploaded.pop(key, None)
            self.shown[line.place] = line
        elif line.step is ShopStep.GONE:
            self.uploaded.pop(key, None)
            if (shown := self.shown.get(line.place)) is not None and shown.picture == line.picture:
                del self.shown[line.place]


def now() -> datetime:
    """The time of a line."""
    return datetime.now(UTC).replace(microsecond=0)
