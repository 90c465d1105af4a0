"""The inside of a worker process: make the work once, then task after task until the pipe closes."""

from __future__ import annotations

import os
import signal
import threading
from enum import StrEnum
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from typing import Any

from packshot.engines.base import MakeWork
from packshot.errors import InternalError, PackshotError
from packshot.machine import FreedMemory

__all__ = ["Message", "worker_main"]


class Message(StrEnum):
    """What a worker says, or what is found out about it."""

    READY = "ready"
    DONE = "done"
    RAISED = "raised"
    DIED = "died"
    LATE = "late"


def worker_main(pipe: Connection, make_work: MakeWork[Any, Any]) -> None:
    """Serve tasks from `pipe` until it closes.

    Args:
        pipe: brings tasks, takes ``(Message, content)``.
        make_work: makes what does the tasks.
    """
    # Ctrl-C reaches the whole process group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        try:
            work = make_work()
            pipe.send((Message.READY, None))
            freed = FreedMemory()
            while True:
                task = pipe.recv()
                pipe.send((Message.DONE, work(task)))
                freed.give_back()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return
        except PackshotError as error:
            pipe.send((Message.RAISED, error))
        except Exception as error:  # the parent raises it; here it would only be printed
            message = f"a worker could not go on: {type(error).__name__}: {error}"
            pipe.send((Message.RAISED, InternalError(message, remedy="report it; what is finished is kept")))
    finally:
        pipe.close()


def _end_with_parent() -> None:
    """End this process when its parent has died, lest it write into a folder the next run holds."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
