"""One worker process and this end of its pipe; it may be killed at any moment."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing import connection
from typing import Any

from packshot.engines.worker import Message, worker_main
from packshot.errors import InternalError, PackshotError, TimeLimitExceeded, WorkerDied

__all__ = ["Worker"]

_SPAWN = multiprocessing.get_context("spawn")  # a forked child would inherit the networks' threads half-alive


class Worker:
    """A process that does one job at a time. `start` and `do` block: call them from a thread, one at a time.

    Args:
        make_work: makes what does the jobs, in the process; must survive pickling.
        start_limit_s: seconds it may take to start.
    """

    def __init__(self, make_work: Callable[[], Callable[[Any], Any]], *, start_limit_s: float = 300.0) -> None:
        self._make_work = make_work
        self._start_limit_s = start_limit_s
        self._process: Any = None
        self._pipe: Any = None
        self._ready = self._dismissed = False
        self._lock = threading.Lock()  # around the process' coming and going: `dismiss` may meet a `start`

    @property
    def alive(self) -> bool:
        """Whether it can take a job; a process may also end while it has none."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        """Of its process; None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process and wait until it is ready.

        Raises:
            PackshotError: what its start raised, or that it ended or took too long.
        """
        with self._lock:
            if self._dismissed:
                raise _died()
            self._pipe, theirs = _SPAWN.Pipe()
            process = _SPAWN.Process(target=worker_main, args=(theirs, self._make_work), daemon=True)
            process.start()
            self._process, self._ready = process, False
            theirs.close()  # so that the pipe ends when the process does
        self._hear(self._start_limit_s)
        self._ready = True

    def do(self, job: Any, seconds: float) -> Any:
        """Do a job.

        Args:
            job: what `make_work` made takes it.
            seconds: it may take; a process that takes longer is killed.

        Raises:
            TimeLimitExceeded: it was killed.
            WorkerDied: the process ended.
        """
        try:
            self._pipe.send(job)
        except (OSError, ValueError) as error:
            self.kill()
            raise _died() from error
        return self._hear(seconds)

    def kill(self) -> None:
        """End the process at once."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            process.kill()
            process.join()
            process.close()
            self._pipe.close()

    def dismiss(self) -> None:
        """Let the process end by itself: its wait for the next job finds the pipe closed. It never starts again."""
        with self._lock:
            self._dismissed = True
            if self._process is not None and self._ready:
                self._pipe.close()
                self._process.join(5)
        self.kill()

    def _hear(self, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        process, ready = self._process, []
        try:
            ready = [] if process is None else connection.wait([self._pipe, process.sentinel], max(0.0, seconds))
            if self._pipe.poll():
                message, content = self._pipe.recv()
                if message is Message.RAISED:
                    self.kill()
                    raise content if isinstance(content, PackshotError) else _unforeseen()
                return content
        except (EOFError, OSError, TypeError, ValueError):  # the process ended, or `dismiss` ended it
            ready = ready or [self._pipe]
        late = not ready and time.monotonic() >= deadline
        with contextlib.suppress(Exception):
            self.kill()
        if late:
            raise TimeLimitExceeded(
                f"not finished after {seconds:.1f} s", remedy="try again, or make the photo smaller"
            )
        raise _died()


def _died() -> WorkerDied:
    return WorkerDied("the worker process ended over this photo", remedy="save the photo anew and try again")


def _unforeseen() -> InternalError:
    return InternalError("a worker could not go on", remedy="report it")
