"""Whose photo is next where several jobs run at a time."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from packshot.service.batches.engine import BackgroundWorkers

__all__ = ["Turns"]


class Turns:
    """Lets jobs do one photo each: the keys take turns, and the jobs of one key take theirs within it.

    So a small job does not wait behind a large one, and many jobs of one key do not push another key's aside; where
    one job runs alone it has all workers. Used in the event loop alone.

    Args:
        workers: of the service.
        at_once: photos in hand; as many as there are workers.
    """

    def __init__(self, workers: BackgroundWorkers, at_once: int) -> None:
        self._workers = workers
        self._free = at_once
        self._jobs: dict[str | None, dict[str, _Job]] = {}
        self._served: Counter[str | None] = Counter()  # key -> number of its last turn
        self._turn = 0

    def of(self, owner: str | None, job: str) -> BackgroundWorkers:
        """The workers as one job has them.

        Args:
            owner: name of the key that made it; None where no key is asked for.
            job: its id.
        """
        return _InTurn(self, owner, job)

    def forget(self, owner: str | None, job: str) -> None:
        """A job has ended."""
        self._jobs.get(owner, {}).pop(job, None)
        if not self._jobs.get(owner):
            self._jobs.pop(owner, None)
            self._served.pop(owner, None)

    async def run_behind(self, owner: str | None, job: str, work: Any, seconds: float) -> Any:
        """Do a job's photo when its turn has come; see `packshot.service.pool.Pool.run_behind`."""
        await self._take(owner, job)
        try:
            return await self._workers.run_behind(work, seconds)
        finally:
            self._free += 1
            self._serve()

    async def _take(self, owner: str | None, job: str) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._jobs.setdefault(owner, {}).setdefault(job, _Job()).waiting.append(turn)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given in the very moment its taker left
                self._free += 1
                self._serve()
            raise

    def _serve(self) -> None:
        while self._free and (turn := self._next()) is not None:
            self._free -= 1
            turn.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        """The turn of the job that was served longest ago, of the key that was; of equal ones who came first."""
        for owner in sorted(self._jobs, key=lambda owner: self._served[owner]):
            for job in sorted(self._jobs[owner].values(), key=lambda job: job.served):
                turn = job.next()
                if turn is not None:
                    self._turn += 1
                    self._served[owner] = job.served = self._turn
                    return turn
        return None


@dataclass(slots=True)
class _Job:
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    served: int = 0  # number of its last turn

    def next(self) -> asyncio.Future[None] | None:
        """The first that still waits; those who left are passed over."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                return turn
        return None


@dataclass(frozen=True, slots=True)
class _InTurn:
    turns: Turns
    owner: str | None
    job: str

    async def run_behind(self, job: Any, seconds: float) -> Any:
        """See `Turns.run_behind`."""
        return await self.turns.run_behind(self.owner, self.job, job, seconds)
