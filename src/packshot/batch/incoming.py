"""Which photos of a watched folder have arrived whole, and which of them are new.

A copy over a network is a file that grows for a while, stands still, and grows again; some programs reserve its size
first and fill it later. A photo has arrived when its size, time and place on the disk have not changed for a while and
its end is there. One whose end does not come within a longer while is taken as it is: the decoder says what is wrong.
Files that programs write under another name and then rename arrive at once, for they are whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.passed_over import PassedOver
from packshot.batch.sources import Source, sources_left
from packshot.errors import UsageError
from packshot.limits import Limits
from packshot.photo import is_all_there

__all__ = ["IncomingPhotos"]

_Stamp = tuple[int, int, int]


@dataclass(slots=True)
class _Seen:
    """A file as it was seen last: its stamp, since when it is like that, and whether its end is there."""

    stamp: _Stamp
    since: float
    whole: bool = False


class IncomingPhotos:
    """The photos of some folders, as one scan after another finds them.

    Args:
        folders: to watch, with all folders below them.
        out: the output folder; what packshot made is not one of them.
        settle_s: seconds for which a file must not change.
        patience_s: seconds after which one is taken whose end is not there.
        limits: of the decoder: larger files are not read here.
        clock: seconds that only grow.

    Raises:
        UsageError: a folder is none.
    """

    def __init__(
        self,
        folders: Sequence[str | Path],
        out: str | Path,
        *,
        settle_s: float = 2.0,
        patience_s: float = 60.0,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        for folder in folders:
            if not Path(folder).is_dir():
                raise UsageError(f"{folder} is no folder to watch", remedy="make it first, or name its parent")
        self._folders, self._out = folders, Path(out)
        self._settle_s, self._patience_s, self._clock = settle_s, max(patience_s, settle_s), clock
        self._max_bytes = (limits or Limits()).max_file_bytes
        self._seen: dict[str, _Seen] = {}
        self._whole: dict[str, _Stamp] = {}
        self._done: dict[str, _Stamp] = {}
        self._passed: list[PassedOver] = []

    def scan(self) -> bool:
        """Scan the folders; whether there is a photo that has arrived and is not done."""
        now = self._clock()
        seen: dict[str, _Seen] = {}
        self._passed = []
        for source in sources_left(self._folders, out=self._out, passed_over=self._passed):
            stamp = _stamp(source.path)
            if stamp is None:
                continue
            before = self._seen.get(source.path)
            seen[source.path] = before if before is not None and before.stamp == stamp else _Seen(stamp, now)
        self._seen = seen
        self._whole = {path: one.stamp for path, one in seen.items() if self._is_whole(path, one, now)}
        return bool(self.new)

    @property
    def new(self) -> frozenset[str]:
        """Paths of the photos that had arrived at the last scan and are not done, or were changed since."""
        return frozenset(path for path, stamp in self._whole.items() if self._done.get(path) != stamp)

    @property
    def coming(self) -> frozenset[str]:
        """Paths of the photos that were seen at the last scan and have not arrived yet."""
        return frozenset(self._seen.keys() - self._whole.keys())

    @property
    def passed_over(self) -> tuple[PassedOver, ...]:
        """Files that are no photos, as the last scan found them."""
        return tuple(self._passed)

    def whole(self, sources: Iterable[Source]) -> list[Source]:
        """Those that had arrived at the last scan; one that is done stays, also while it is written anew."""
        return [source for source in sources if source.path in self._whole or source.path in self._done]

    def mark_done(self) -> None:
        """What had arrived at the last scan is done."""
        self._done = {path: stamp for path, stamp in self._done.items() if path in self._seen} | self._whole

    def _is_whole(self, path: str, one: _Seen, now: float) -> bool:
        still = now - one.since
        if not one.whole and still >= self._settle_s:
            done = self._done.get(path) == one.stamp
            one.whole = done or still >= self._patience_s or is_all_there(path, max_bytes=self._max_bytes)
        return one.whole


def _stamp(path: str) -> _Stamp | None:
    try:
        status = os.stat(path)  # noqa: PTH116  # names that are no UTF-8
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino
