"""Bring messages to their addresses: through the guard, again and again with longer pauses, until they are taken."""

from __future__ import annotations

import asyncio
import functools
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from packshot.service.fetching import Fetcher, FetchRefused
from packshot.service.metrics import Metrics
from packshot.service.shared_threads import SharedThreads
from packshot.service.webhooks.hook import Hook
from packshot.service.webhooks.signing import signed
from packshot.storage.times import utc_now

__all__ = ["Deliverer"]

PAUSES_S = (5, 60, 300, 1800, 7200, 28_800, 86_400)
"""Seconds between an attempt and the next; after the last one the message is given up."""

_THREADS = 8  # that wait for receivers at once
_GONE = 410  # the address wants no more, as Standard Webhooks says


class Deliverer:
    """Sends signed messages.

    Args:
        fetcher: the guard; makes the connection.
        keys: that sign; none where webhooks are off.
        metrics: where it is counted.
        pauses_s: seconds between attempts.
    """

    def __init__(
        self, fetcher: Fetcher, keys: Sequence[bytes], metrics: Metrics, *, pauses_s: Sequence[float] = PAUSES_S
    ) -> None:
        self.fetcher, self.pauses_s = fetcher, pauses_s
        self._keys, self._metrics = keys, metrics
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = SharedThreads(_THREADS)

    @property
    def on(self) -> bool:
        """Whether there is a secret to sign with."""
        return bool(self._keys)

    def deliver(
        self,
        hook: Hook,
        id_: str,
        message: Mapping[str, Any],
        keep: Callable[[Hook], Awaitable[None]],
        *,
        owner: str | None,
    ) -> None:
        """Begin, or go on after a restart.

        Args:
            hook: where to, and how often it was tried.
            id_: of the message.
            message: JSON.
            keep: called after each attempt with what is to be known of it after a restart.
            owner: the key whose message it is.
        """
        task = asyncio.ensure_future(self._until_taken(hook, id_, json.dumps(message).encode(), keep, owner))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Leave the rest for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _until_taken(
        self, hook: Hook, id_: str, body: bytes, keep: Callable[[Hook], Awaitable[None]], owner: str | None
    ) -> None:
        while hook.due is not None:
            await asyncio.sleep(max(0.0, (hook.due - utc_now()).total_seconds()))
            status = await self._threads.run(owner, functools.partial(self._post, hook.url, id_, body))
            taken = 200 <= status < 300
            over = taken or status == _GONE or hook.attempts >= len(self.pauses_s)
            pause = 0.0 if over else self.pauses_s[hook.attempts]
            due = None if over else utc_now() + timedelta(seconds=pause)
            hook = hook.model_copy(update={"attempts": hook.attempts + 1, "taken": taken, "due": due})
            self._metrics.webhooks.labels("taken" if taken else "given_up" if over else "again").inc()
            await keep(hook)

    def _post(self, url: str, id_: str, body: bytes) -> int:
        headers = signed(self._keys, id=id_, timestamp=int(time.time()), body=body)
        try:
            return self.fetcher.post(url, body, {"Content-Type": "application/json", **headers})
        except FetchRefused:
            return 0
