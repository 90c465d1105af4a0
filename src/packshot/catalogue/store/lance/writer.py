"""One writer at a time for a catalogue in a folder."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from packshot.catalogue.store.folder import LOCK, LOCK_OWNER
from packshot.errors import CatalogueLocked, OutputError
from packshot.storage.lock import Lock

__all__ = ["Writer"]


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
        # Another thread is another writer, as is another process; one that has the lock already goes on.
        self._mine = threading.local()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the catalogue for this thread; may be nested.

        Raises:
            CatalogueLocked: another writer did not let go in time; the message says who.
            OutputError: the lock cannot be written.
        """
        if self._folder is None or getattr(self._mine, "has_lock", False):
            yield
            return
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(Lock(self._folder / LOCK, busy=self._busy, wait_s=self._wait_s).hold())
            except OutputError as error:
                cause = error.__cause__
                reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else cause
                raise OutputError(
                    f"the catalogue {self._folder} could not be written ({reason})",
                    remedy="allow writing to the folder, free some space, or name another one",
                ) from cause
            self._say_who()
            self._mine.has_lock = True
            try:
                yield
            finally:
                self._mine.has_lock = False

    def _busy(self) -> CatalogueLocked:
        return CatalogueLocked(
            f"the catalogue {self._folder} is being written by {self._lock_owner()}",
            remedy=f"wait until it is done ({self._wait_s:g} s were not enough), or stop it",
        )

    def _say_who(self) -> None:
        who = {"process": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat()}
        # For a message only: a full disk shall not end a write that may yet free space.
        with contextlib.suppress(OSError):
            (self._folder or Path()).joinpath(LOCK_OWNER).write_text(json.dumps(who))

    def _lock_owner(self) -> str:
        try:
            who = json.loads((self._folder or Path()).joinpath(LOCK_OWNER).read_text())
            return f"process {int(who['process'])} on {who['host']} since {who['since'][:19]} UTC"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
