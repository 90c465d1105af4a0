"""A loop of its own for a test of coroutines: after tests of pages the browser's still runs in this thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

__all__ = ["in_event_loop", "no_event_loop"]

Given = TypeVar("Given")


def in_event_loop(test: Callable[[], Awaitable[Given]]) -> Given:
    """What a coroutine function gives, run in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(anyio.run, test).result()


@contextlib.contextmanager
def no_event_loop() -> Iterator[None]:
    """As if no loop ran in this thread, for what must start one here: signals are heard in the main thread alone."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)
