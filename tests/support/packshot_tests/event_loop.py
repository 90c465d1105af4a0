"""A loop of its own for a test of coroutines: after tests of pages the browser's still runs in this thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

__all__ = ["in_event_loop"]

Given = TypeVar("Given")


def in_event_loop(test: Callable[[], Awaitable[Given]]) -> Given:
    """What a coroutine function gives, run in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(anyio.run, test).result()
