"""How much memory tasks may take together."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["MemoryGate", "MemoryPlan"]


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What an engine of several workers keeps to: so few tasks at once that they fit, but always one.

    Attributes:
        budget: bytes of all workers together.
        worker: bytes of a worker that waits for a task.
        need: bytes that a task takes beside.
    """

    budget: int
    worker: int
    need: Callable[[Any], int]

    def jobs(self, asked: int) -> int:
        """How many workers there is room for, at least 1 and at most `asked`."""
        return max(1, min(asked, self.budget // self.worker))


class MemoryGate:
    """Lets threads do their work side by side as far as memory goes, but always one of them.

    Args:
        budget: bytes; None lets all pass.
    """

    def __init__(self, budget: int | None) -> None:
        self._budget = budget
        self._taken = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def reserve(self, need: int) -> Iterator[None]:
        """Wait until there is room, and reserve it while the context lasts.

        Args:
            need: bytes.
        """
        if self._budget is None:
            yield
            return
        budget = self._budget
        with self._changed:
            self._changed.wait_for(lambda: not self._taken or self._taken + need <= budget)
            self._taken += need
        try:
            yield
        finally:
            with self._changed:
                self._taken -= need
                self._changed.notify_all()
