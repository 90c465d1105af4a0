"""uvicorn's HTTP with patience that ends: a head that drips in holds no connection for ever."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["head_limited"]


def head_limited(seconds: float) -> type[asyncio.Protocol]:
    """A protocol that closes a connection whose request's head has not arrived after some seconds."""

    class HeadLimited(H11Protocol):
        """See `head_limited`."""

        _waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """See `asyncio.Protocol`."""
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            """See `asyncio.Protocol`."""
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            """See `asyncio.Protocol`."""
            self._rest()
            super().connection_lost(exc)

        def _watch(self) -> None:
            if self.conn.their_state is not h11.IDLE:
                self._rest()
            elif self._waiting is None:
                self._waiting = self.loop.call_later(seconds, self._give_up)

        def _rest(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

        def _give_up(self) -> None:
            self._waiting = None
            if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
                self.transport.close()

    return HeadLimited
