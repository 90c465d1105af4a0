"""What happens to a batch, for those who listen: numbered, so that who was cut off goes on from there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

__all__ = ["Events"]

_BEAT_S = 15.0  # between comments that keep a proxy from closing an idle connection
_LOOK_S = 1.0  # how soon the end of the service is noticed


class Events:
    """The events of one batch, as many as it has photos and a few more; used in the event loop alone."""

    def __init__(self) -> None:
        self._events: list[tuple[str, dict[str, object]]] = []
        self._news = asyncio.Event()

    def add(self, kind: str, data: dict[str, object]) -> None:
        """Tell all who listen."""
        self._events.append((kind, data))
        self._news.set()
        self._news = asyncio.Event()

    async def stream(self, first: dict[str, object], after: int, *, ended: Callable[[], bool]) -> AsyncIterator[bytes]:
        """Server-sent events, see the HTML standard, section 9.2.

        Args:
            first: what there is now, as the event ``job``, which has no number.
            after: number of the last event that is known, from 1; 0 for none.
            ended: whether no more will come.
        """
        place, quiet = min(len(self._events), after), 0.0
        yield f"event: job\ndata: {json.dumps(first)}\n\n".encode()
        while True:
            over, news = ended(), self._news
            while place < len(self._events):
                kind, data = self._events[place]
                place, quiet = place + 1, 0.0
                yield f"id: {place}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
            if over:
                return
            try:
                async with asyncio.timeout(_LOOK_S):
                    await news.wait()
            except TimeoutError:
                quiet += _LOOK_S
                if quiet >= _BEAT_S:
                    quiet = 0.0
                    yield b": still here\n\n"
