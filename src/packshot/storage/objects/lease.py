"""One process at a time: a lease object that its holder keeps renewing, and that a dead one loses."""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from packshot.errors import ObjectChanged, ObjectExists, ObjectNotFound, OutputError, StorageError, StorageUnavailable
from packshot.storage.objects.folder import ObjectFolder

__all__ = ["Lease"]

_BEAT_S = 3.0
_DEAD_S = 15.0  # without a beat, by the clock of who waits: clocks of two machines are never compared


class Lease:
    """Held for the length of some work, such as a run; a daemon thread renews it.

    Args:
        folder: that the work is done in.
        path: of the lease object, below the folder.
        work: what is done there, for messages: "another `work` is writing to ...".
        remedy: what a person may do while another process holds it.
        tell: called with a line for a person while it waits.
        beat_s: seconds between two renewals.
        dead_s: seconds without one after which another process may take over.

    Raises:
        OutputError: a process that lives holds it.
        StorageError: the bucket cannot be used.
    """

    def __init__(
        self,
        folder: ObjectFolder,
        path: str,
        *,
        work: str = "run",
        remedy: str = "wait until it is done, or choose another folder with -o",
        tell: Callable[[str], None] = lambda _: None,
        beat_s: float = _BEAT_S,
        dead_s: float = _DEAD_S,
    ) -> None:
        self._folder, self._path, self._tell = folder, path, tell
        self._work, self._remedy = work, remedy
        self._beat_s, self._dead_s = beat_s, dead_s
        self._id = secrets.token_hex(8)
        self._ended = threading.Event()
        self._lost = False
        self._beats = 0
        self._etag = self._take()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if not self._lost:
            self._folder.delete([self._path])

    def check(self) -> None:
        """See that the folder is still ours.

        Raises:
            OutputError: it was silent for so long that another run took over.
        """
        if self._lost:
            raise OutputError(
                f"another {self._work} took over {self._folder.uri}, as this one was silent too long",
                remedy="let that one finish; nothing is lost",
            )

    def _take(self) -> str:
        while True:
            try:
                return self._folder.create(self._path, self._content()) or ""
            except ObjectExists:
                pass
            try:
                content, found = self._folder.read(self._path)
                self._wait_for_death(content, found.etag)
                return self._folder.replace(self._path, self._content(), etag=found.etag or "") or ""
            except (ObjectNotFound, ObjectChanged):
                continue  # it ended just now, or a third process was faster

    def _wait_for_death(self, content: bytes, etag: str | None) -> None:
        """Return once the holder is dead.

        Raises:
            OutputError: it lives.
        """
        who, dead = _holder(content)
        if dead:
            return
        self._tell(f"{self._folder.uri} was held by a {self._work} on {who}: waiting to see whether it lives")
        deadline = time.monotonic() + self._dead_s
        while time.monotonic() < deadline:
            time.sleep(min(1.0, self._dead_s / 4))
            if self._folder.head(self._path).etag != etag:
                raise OutputError(f"another {self._work} is writing to {self._folder.uri} ({who})", remedy=self._remedy)

    def _beat(self) -> None:
        while not self._ended.wait(self._beat_s):
            self._beats += 1
            try:
                self._etag = self._folder.replace(self._path, self._content(), etag=self._etag) or ""
            except StorageUnavailable:
                continue
            except StorageError:
                self._lost = True
                return

    def _content(self) -> bytes:
        row = {"run": self._id, "host": socket.gethostname(), "pid": os.getpid(), "beat": self._beats}
        return json.dumps(row).encode("ascii")


def _holder(content: bytes) -> tuple[str, bool]:
    """Who holds a lease, in words; and whether it is a process of this machine that ended."""
    try:
        row = json.loads(content)
        host, pid = str(row["host"]), int(row["pid"])
    except (ValueError, KeyError, TypeError):
        return "an unknown machine", False
    if host != socket.gethostname():
        return f"{host}, process {pid}", False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return f"{host}, process {pid}", True
    except OSError:
        pass
    return f"{host}, process {pid}", False
