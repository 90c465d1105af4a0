"""One worker on a cluster: an actor, that is a process of its own, which makes the work once and then does tasks."""

from __future__ import annotations

from typing import Any

import ray

from packshot.engines.base import MakeWork
from packshot.engines.worker import Message
from packshot.errors import InternalError, PackshotError
from packshot.machine import FreedMemory
from packshot.version import __version__

__all__ = ["RayWorker"]


class RayWorker:
    """The inside of an actor. Errors travel as values: an exception of ours need not survive Ray's wrapping."""

    def __init__(self) -> None:
        self._work: Any = None
        self._freed = FreedMemory()

    def start(self, make_work: MakeWork[Any, Any]) -> tuple[Message, Any]:
        """Make the work; `READY` with the node's id and packshot's version."""
        try:
            self._work = make_work()
        except Exception as error:
            return Message.RAISED, _ours(error)
        return Message.READY, (ray.get_runtime_context().get_node_id(), __version__)

    def do(self, task: Any) -> tuple[Message, Any]:
        """Do one task."""
        self._freed.give_back()
        try:
            return Message.DONE, self._work(task)
        except Exception as error:
            return Message.RAISED, _ours(error)


def _ours(error: Exception) -> PackshotError:
    if isinstance(error, PackshotError):
        return error
    message = f"a worker could not go on: {type(error).__name__}: {error}"
    return InternalError(message, remedy="report it; what is finished is kept")
