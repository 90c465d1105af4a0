"""``Idempotency-Key``: a request that is sent again is not done again, and has the same answer.

Source: draft-ietf-httpapi-idempotency-key-header of the IETF's HTTPAPI group: another body under the same key is 422,
one that is still in work is 409.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypedDict, cast

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.asking_key import owner_of
from packshot.service.json_answer import json_answer
from packshot.service.refusal import Refusal
from packshot.storage import write_atomic

__all__ = ["Idempotency", "fingerprint_of"]

_HEADER = "idempotency-key"
_LONGEST = 255  # characters of a key
_IN_MEMORY = 10_000  # answers of the last requests, where nothing is kept on disk
_SECONDS = 86_400.0


def fingerprint_of(request: Request, body: bytes) -> str:
    """What tells a request from another one: method, address, and body."""
    address = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(address.encode() + body).hexdigest()


class _Given(TypedDict):
    """An answer that was given, as it is kept."""

    at: float
    fingerprint: str
    status: int
    data: dict[str, object]


class Idempotency:
    """Answers that were given, for a day: in memory, and where the service keeps something on disk.

    Args:
        folder: where; None for memory alone.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._known: OrderedDict[str, _Given] = OrderedDict()
        self._in_work: set[str] = set()

    async def once(
        self, request: Request, fingerprint: str, work: Callable[[], Awaitable[tuple[int, dict[str, object]]]]
    ) -> Response:
        """Do what a request asks for, unless the same was done under its key.

        Args:
            request: with or without the header.
            fingerprint: see `fingerprint_of`.
            work: gives status and data of the answer; a refusal it raises is not kept.

        Raises:
            Refusal: 400 no key; 409 the same is in work; 422 it was used with something else.
        """
        key = request.headers.get(_HEADER)
        if key is None:
            status, data = await work()
            return json_answer(data, status=status)
        if not 0 < len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
            raise Refusal(400, "invalid_idempotency_key", f"expected up to {_LONGEST} characters", "a UUID")
        name = hashlib.sha256(f"{owner_of(request) or ''}\n{key}".encode()).hexdigest()
        if name in self._in_work:
            raise Refusal(409, "request_in_work", "the same request is in work", "wait for its answer")
        self._in_work.add(name)
        try:
            known = await self._read(name)
            if known is None:
                status, data = await work()
                known = _Given(at=self._clock(), fingerprint=fingerprint, status=status, data=data)
                await self._write(name, known)
            elif known["fingerprint"] != fingerprint:
                raise Refusal(422, "idempotency_key_reused", "the key was used for another request", "take a new one")
            return json_answer(known["data"], status=known["status"])
        finally:
            self._in_work.discard(name)

    async def _read(self, name: str) -> _Given | None:
        known = self._known.get(name)
        if known is None and self._folder is not None:
            known = await anyio.to_thread.run_sync(_read, self._folder / f"{name}.json")
        return known if known is not None and known["at"] > self._clock() - _SECONDS else None

    async def _write(self, name: str, known: _Given) -> None:
        self._known[name] = known
        while len(self._known) > _IN_MEMORY:
            self._known.popitem(last=False)
        if self._folder is not None:
            await anyio.to_thread.run_sync(write_atomic, self._folder / f"{name}.json", json.dumps(known).encode())

    def forget_old(self) -> None:
        """Remove answers whose day is over, on the disk and in memory; blocks.

        Raises:
            OSError: one could not be removed.
        """
        oldest = self._clock() - _SECONDS
        for name, answer in list(self._known.items()):
            if answer["at"] <= oldest:
                self._known.pop(name, None)
        if self._folder is not None and self._folder.is_dir():
            for path in self._folder.glob("*.json"):
                known = _read(path)
                if known is None or known["at"] <= oldest:
                    path.unlink(missing_ok=True)


def _read(path: Path) -> _Given | None:
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return cast("_Given", known) if isinstance(known, dict) and set(_Given.__annotations__) <= set(known) else None
