"""Which photos are kept, for whom, and until when."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import stat
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packshot.counting import counted
from packshot.errors import OutputError, PackshotError
from packshot.service.refusal import Refusal
from packshot.storage.lock import Lock, is_locked

__all__ = ["KeptPhoto", "KeptPhotos"]

_PREFIX, _LOCK = "packshot-kept-", "lock"
_YOUNG_S = 60.0
_ID = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(slots=True)
class KeptPhoto:
    """A photo that is kept.

    Attributes:
        id: 192 random bits: who does not know it cannot guess it.
        owner: name of the key that sent it; None without keys.
        folder: with its pixels and masks.
        until: when it goes, in the clock's seconds.
        file_bytes: of all its files.
    """

    id: str
    owner: str | None
    folder: Path
    until: float
    file_bytes: int = 0


class KeptPhotos:
    """Keeps photos in a folder of its own below the system's temporary files, which goes with the service.

    What a service that was killed kept goes with the start of the next (`remove_left`).

    A photo goes some time after it was last asked for, or before, where all together pass a limit: the one that was not
    asked for the longest goes first.

    Args:
        seconds: that a photo stays after its last use.
        max_bytes: of all files together.
        clock: seconds that only grow.

    Example:
        >>> kept = KeptPhotos(60, 1_000_000)
        >>> photo = kept.add("studio")
        >>> kept.find(photo.id, "studio") is photo
        True
        >>> kept.close()
    """

    def __init__(self, seconds: float, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._max_bytes, self._clock = seconds, max_bytes, clock
        self._photos: OrderedDict[str, KeptPhoto] = OrderedDict()
        self._root: Path | None = None
        self._held = contextlib.ExitStack()

    def __len__(self) -> int:
        return len(self._photos)

    def add(self, owner: str | None) -> KeptPhoto:
        """A place for a photo: an empty folder that nobody else can read."""
        if self._root is None or not self._root.is_dir():  # a cleaner of temporary files may have taken it
            self._held.close()
            self._root = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._held.enter_context(Lock(self._root / _LOCK, busy=_taken).hold())
        id_ = secrets.token_urlsafe(24)
        photo = KeptPhoto(id_, owner, self._root / id_, self._clock() + self.seconds)
        photo.folder.mkdir(mode=0o700)
        self._photos[id_] = photo
        return photo

    def find(self, id_: str, owner: str | None) -> KeptPhoto:
        """A photo by its id; it stays as long again.

        Raises:
            Refusal: there is none, it went, or another key sent it.
        """
        self.sweep()
        photo = self._photos.get(id_) if _ID.fullmatch(id_) else None
        if photo is None or photo.owner != owner or not photo.folder.is_dir():
            minutes = round(self.seconds / 60)
            raise Refusal(
                404,
                "photo_gone",
                f"the photo is not kept any more, after {counted(minutes, 'minute')}",
                "send it again",
            )
        photo.until = self._clock() + self.seconds
        self._photos.move_to_end(id_)
        return photo

    def remove(self, photo: KeptPhoto) -> None:
        """Remove a photo with all that was made of it."""
        self._photos.pop(photo.id, None)
        shutil.rmtree(photo.folder, ignore_errors=True)

    def weigh(self, photo: KeptPhoto) -> None:
        """Count a photo's files after a change, and remove those that leave no room for it."""
        with contextlib.suppress(FileNotFoundError):  # it went meanwhile
            photo.file_bytes = sum(file.stat().st_size for file in photo.folder.iterdir())
        total = sum(each.file_bytes for each in self._photos.values())
        for each in list(self._photos.values()):
            if total <= self._max_bytes or each is photo:
                break
            total -= each.file_bytes
            self.remove(each)

    def sweep(self) -> None:
        """Remove what nobody asked for in time."""
        now = self._clock()
        for photo in [each for each in self._photos.values() if each.until <= now]:
            self.remove(photo)

    def close(self) -> None:
        """Remove everything."""
        self._photos.clear()
        if self._root is not None:
            self._held.close()
            shutil.rmtree(self._root, ignore_errors=True)
            self._root = None

    @staticmethod
    def remove_left() -> None:
        """Remove what services kept that were killed, and could not."""
        for root in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                status = root.lstat()
                mine = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
                # One that was made just now may not be locked yet.
                if mine and status.st_mtime < time.time() - _YOUNG_S and not is_locked(root / _LOCK):
                    shutil.rmtree(root, ignore_errors=True)


def _taken() -> PackshotError:
    return OutputError("a folder that was made just now is another process's", remedy="start the service again")
