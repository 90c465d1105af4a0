"""One writer at a time for a catalogue in a folder."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from packshot.errors import CatalogueLocked, OutputError

__all__ = ["LOCK_FILES", "Writer"]

_LOCK = "writer.lock"
_HOLDER = "writer.json"
LOCK_FILES = frozenset({_LOCK, _HOLDER})


class Writer:
    """The right to change a catalogue, held for one write at a time.

    The operating system drops the lock with the process, so a killed writer never stands in the way.

    Args:
        folder: of the catalogue; None for object storage, where LanceDB's commits keep writers apart.
        wait_s: seconds to wait for another writer.
    """

    def __init__(self, folder: Path | None, *, wait_s: float) -> None:
        self._folder = folder
        self._wait_s = wait_s
        # Locks of other threads are other locks, as are those of other processes.
        self._lock = None if folder is None else FileLock(folder / _LOCK, thread_local=True)

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the catalogue; may be nested.

        Raises:
            CatalogueLocked: another writer did not let go in time; the message says who.
            OutputError: the lock cannot be written.
        """
        if self._lock is None or self._folder is None:
            yield
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=self._wait_s)
        except Timeout:
            raise CatalogueLocked(
                f"the catalogue {self._folder} is being written by {self._holder()}",
                remedy=f"wait until it is done ({self._wait_s:g} s were not enough), or stop it",
            ) from None
        except OSError as error:
            raise OutputError(
                f"the catalogue {self._folder} could not be written ({error.strerror or error})",
                remedy="allow writing to the folder, free some space, or name another one",
            ) from error
        try:
            if self._lock.lock_counter == 1:
                self._say_who()
            yield
        finally:
            self._lock.release()

    def _say_who(self) -> None:
        who = {"process": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat()}
        # For a message only: a full disk shall not end a write that may yet free space.
        with contextlib.suppress(OSError):
            (self._folder or Path()).joinpath(_HOLDER).write_text(json.dumps(who))

    def _holder(self) -> str:
        try:
            who = json.loads((self._folder or Path()).joinpath(_HOLDER).read_text())
            return f"process {int(who['process'])} on {who['host']} since {who['since'][:19]} UTC"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
