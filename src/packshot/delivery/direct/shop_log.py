"""What shops got: ``OUT/delivery/shops.jsonl``, a line for each step of each picture.

Each line is on the disk before the next step. A picture is ``uploaded`` once the shop has it, and ``shown`` once its
product was seen to show it.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from functools import partial
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from packshot.delivery.direct.target import ShopTarget
from packshot.delivery.log import REPAIR
from packshot.storage import RowLog, parse_row

__all__ = ["ShopLine", "ShopLog", "ShopStep"]

_HEADER = b'{"journal": "packshot deliver, shops", "version": 1}\n'


class ShopStep(StrEnum):
    """How far a picture has come."""

    #: It is about to be uploaded: the shop was seen not to have it.
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


class ShopLog(RowLog[ShopLine]):
    """What one shop got from one run's folder; may be written by several threads.

    Args:
        path: of the log; it is made with the first line.
        shop: whose lines are read.

    Attributes:
        shown: place to the line that says its product shows it.
        uploaded: place and content to the line that says the shop has it.
        begun: place and content of uploads that nobody knows the outcome of.
        pictures: the shop's id to the last line about it.

    Raises:
        UsageError: a line is damaged, which is named; or the file is something else.
    """

    def __init__(self, path: Path, shop: ShopTarget) -> None:
        super().__init__(path, partial(parse_row, ShopLine), header=_HEADER, repair=REPAIR)
        self._shop = shop.name
        self._lock = threading.Lock()
        self.shown: dict[str, ShopLine] = {}
        self.uploaded: dict[tuple[str, str], ShopLine] = {}
        self.begun: set[tuple[str, str]] = set()
        self.pictures: dict[str, ShopLine] = {}
        self.read(self._take)

    def add(self, *lines: ShopLine) -> None:
        """Add lines, within ``with``; they are on the disk when this returns.

        Raises:
            OutputError: they could not be written.
        """
        with self._lock:
            self.append(lines)
            for line in lines:
                self._take(line)

    def _take(self, line: ShopLine) -> None:
        if line.shop != self._shop:
            return
        key = (line.place, line.sha256)
        if line.picture is not None:
            self.pictures[line.picture] = line
        if line.step is ShopStep.SENDING:
            self.begun.add(key)
            return
        self.begun.discard(key)
        if line.step is ShopStep.UPLOADED:
            self.uploaded[key] = line
        elif line.step is ShopStep.SHOWN:
            self.uploaded.pop(key, None)
            self.shown[line.place] = line
        elif line.step is ShopStep.GONE:
            self.uploaded.pop(key, None)
            if (shown := self.shown.get(line.place)) is not None and shown.picture == line.picture:
                del self.shown[line.place]
