"""How much is received at once: bodies that still arrive take no place in the queue, but they take memory."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator

from packshot.service.refusal import Refusal

__all__ = ["Receiving"]


class Receiving:
    """Counts bodies and their bytes while they are received, for all and for each key.

    A body that trickles holds the few bytes that came and nothing that others wait for. A key has at most half of
    everything; where no key is asked for, the one who may ask has all.

    Args:
        max_bytes: of all bodies together.
        max_bodies: at once.
        largest: body that anybody may send, in bytes, however small the half is.
    """

    def __init__(self, max_bytes: int, max_bodies: int, *, largest: int) -> None:
        self._most = {True: max(largest, max_bytes // 2), False: max(largest, max_bytes)}
        self._bodies = {True: max(1, max_bodies // 2), False: max_bodies}
        self._bytes: Counter[str | None] = Counter()
        self._open: Counter[str | None] = Counter()

    @property
    def bodies(self) -> int:
        """How many are received now."""
        return self._open.total()

    @contextlib.contextmanager
    def receive(self, owner: str | None) -> Iterator[Callable[[int], None]]:
        """One body, until it is handed on or refused.

        Args:
            owner: the key that sends it.

        Yields:
            What is told of each number of bytes that arrived; raises as this does.

        Raises:
            Refusal: 503, there is too much.
        """
        if self._open[owner] >= self._bodies[owner is not None] or self.bodies >= self._bodies[False]:
            raise _busy()
        self._open[owner] += 1
        mine = 0

        def arrived(count: int) -> None:
            nonlocal mine
            mine += count
            self._bytes[owner] += count
            if self._bytes[owner] > self._most[owner is not None] or self._bytes.total() > self._most[False]:
                raise _busy()

        try:
            yield arrived
        finally:
            for counter, held in ((self._open, 1), (self._bytes, mine)):
                counter[owner] -= held
                if not counter[owner]:
                    del counter[owner]


def _busy() -> Refusal:
    headers = {"Retry-After": "1", "Connection": "close"}  # what is left of the body is not read
    return Refusal(503, "busy", "too many photos arrive at once", "send fewer at once", headers)
