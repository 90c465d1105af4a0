"""What a watch says of itself while it goes on, in a file of its output folder: for whoever looks from outside."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from packshot.batch.incoming import IncomingPhotos
from packshot.errors import PackshotError
from packshot.storage.atomic import write_atomic
from packshot.storage.encodable import encodable
from packshot.storage.lock import STATE_FOLDER
from packshot.storage.times import utc_now

__all__ = ["LeftOut", "WatchFile", "WatchState", "read_watch"]

_FILE = f"{STATE_FOLDER}/watch.json"
_BEAT_S = 2.0  # between signs of life
_SILENT_S = 15.0  # after so long without one, the process is gone
_NAMED = 20  # so many files of a kind are named, the rest counted


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LeftOut(_Kept):
    """A file of a watched folder that is no photo.

    Attributes:
        name: of the file, without its folder.
        reason: what it is, in words.
    """

    name: str
    reason: str


class WatchState(_Kept):
    """What a watch did last.

    Attributes:
        version: of this form.
        folders: names of the watched folders.
        since: when it began.
        working: photos in hand; 0 while it waits.
        coming: names of photos that are not whole yet, the first of them.
        coming_count: how many there are.
        left_out: files that are no photos, the first of them.
        left_out_count: how many there are.
        trouble: code of the error for which the last batch could not be done; empty otherwise.
        ended: when it was stopped; None while it goes on, or where it was killed.
    """

    version: int = 1
    folders: tuple[str, ...]
    since: AwareDatetime
    working: int = 0
    coming: tuple[str, ...] = ()
    coming_count: int = 0
    left_out: tuple[LeftOut, ...] = ()
    left_out_count: int = 0
    trouble: str = ""
    ended: AwareDatetime | None = None


class WatchFile:
    """Keeps the state of a watch, and gives a sign of life every two seconds: the file's time.

    A state that cannot be written ends nothing: the watch itself is what counts.

    Args:
        out: the output folder.
        folders: that are watched.
    """

    def __init__(self, out: Path, folders: tuple[str, ...]) -> None:
        names = tuple(Path(folder).resolve().name for folder in folders)
        self._path = out / _FILE
        self._state = WatchState(folders=names, since=utc_now())
        self._over, self._lock, self._kept = threading.Event(), threading.Lock(), False

    @contextlib.contextmanager
    def alive(self) -> Iterator[WatchFile]:
        """Give signs of life, and say at the end that it has ended."""
        self._write(self._state)
        beat = threading.Thread(target=self._beat, daemon=True)
        beat.start()
        try:
            yield self
        finally:
            self._over.set()
            beat.join()
            self._write(self._state.model_copy(update={"working": 0, "ended": utc_now()}))

    def tell(self, incoming: IncomingPhotos, *, working: int = 0, trouble: str = "") -> None:
        """Keep what the last scan found, where it is another than before.

        Args:
            incoming: of the watched folders.
            working: photos that are begun now.
            trouble: code of the error for which they could not be done.
        """
        coming, passed = sorted(Path(path).name for path in incoming.coming), incoming.passed_over
        changes = {
            "working": working,
            "coming": tuple(map(encodable, coming[:_NAMED])),
            "coming_count": len(coming),
            "left_out": tuple(
                LeftOut(name=encodable(Path(one.path).name), reason=one.reason) for one in passed[:_NAMED]
            ),
            "left_out_count": len(passed),
            "trouble": trouble,
        }
        state = self._state.model_copy(update=changes)
        if state != self._state or not self._kept:
            self._write(state)

    def _write(self, state: WatchState) -> None:
        with self._lock:
            self._state = state
            if not self._path.parent.is_dir():
                return  # no batch has made the folder its own yet
            with contextlib.suppress(PackshotError):
                write_atomic(self._path, state.model_dump_json().encode())
                self._kept = True

    def _beat(self) -> None:
        while not self._over.wait(_BEAT_S):
            if not self._kept:
                self._write(self._state)
            with contextlib.suppress(OSError):
                os.utime(self._path)


def read_watch(out: Path) -> tuple[WatchState, bool] | None:
    """What the last watch into an output folder said, and whether it still goes on; None where there was none.

    Args:
        out: the output folder.
    """
    try:
        state = WatchState.model_validate_json((out / _FILE).read_bytes())
        beat = (out / _FILE).stat().st_mtime
    except (OSError, ValidationError):
        return None
    return state, state.ended is None and time.time() - beat < _SILENT_S
