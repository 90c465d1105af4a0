"""Threads that wait for servers of strangers: a number for all, and at most half of them for one key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

__all__ = ["SharedThreads"]

Given = TypeVar("Given")


class SharedThreads:
    """Threads of their own: however many of them wait, whatever else needs a thread has one.

    A key whose servers are slow waits for itself. Where no key is asked for, the one who may ask has all of them.

    Args:
        count: at once.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._all = anyio.CapacityLimiter(count)
        self._of: dict[str | None, anyio.CapacityLimiter] = {}
        self._users: Counter[str | None] = Counter()

    async def run(self, owner: str | None, work: Callable[[], Given], *, patience_s: float | None = None) -> Given:
        """Do something that blocks, once there is a thread for it.

        Args:
            owner: the key it is done for.
            work: what is done.
            patience_s: seconds to wait for a thread; None for as long as it takes.

        Raises:
            TimeoutError: there was no thread in time.
        """
        mine = self._of.setdefault(owner, anyio.CapacityLimiter(self._count if owner is None else -(-self._count // 2)))
        self._users[owner] += 1
        try:
            with anyio.fail_after(patience_s):
                await mine.acquire()
            try:
                with anyio.fail_after(patience_s):
                    await self._all.acquire()
                try:
                    return await anyio.to_thread.run_sync(work, limiter=anyio.CapacityLimiter(1))
                finally:
                    self._all.release()
            finally:
                mine.release()
        finally:
            self._users[owner] -= 1
            if not self._users[owner]:
                del self._users[owner], self._of[owner]
