"""First come, first served: who waits for a free worker, and for how long."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

__all__ = ["Waiting"]

Thing = TypeVar("Thing")


class Waiting(Generic[Thing]):
    """Free things, and those who wait for one in the order they came; nothing is lost when one of them leaves."""

    def __init__(self) -> None:
        self._free: deque[Thing] = deque()
        self._waiters: deque[asyncio.Future[Thing]] = deque()
        self._behind: deque[asyncio.Future[Thing]] = deque()

    @property
    def free(self) -> int:
        """Things that nobody has."""
        return len(self._free)

    @property
    def waiting(self) -> int:
        """Those who wait, without those behind all others."""
        return len(self._waiters)

    def give(self, thing: Thing) -> None:
        """Give a thing to whoever waits longest, else keep it."""
        while self._waiters or self._behind:
            waiter = (self._waiters or self._behind).popleft()
            if not waiter.done():
                waiter.set_result(thing)
                return
        self._free.append(thing)

    async def take(self, seconds: float | None, *, behind: bool = False) -> Thing:
        """Wait for a thing.

        Args:
            seconds: to wait at most; None for as long as it takes.
            behind: let all those pass who do not stand behind.

        Raises:
            TimeoutError: none became free in that time.
        """
        if self._free:
            return self._free.popleft()
        waiter: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        line = self._behind if behind else self._waiters
        line.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except BaseException:
            if waiter.done() and not waiter.cancelled():  # it was given in the very moment its taker left
                self.give(waiter.result())
            elif waiter in line:
                line.remove(waiter)
            raise
