"""Ctrl-C and SIGTERM: finish what is in hand, then end so that the same command goes on from there."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

__all__ = ["StopRequest", "stop_on_signals"]


class StopRequest:
    """Whether someone asked the run to stop.

    Attributes:
        signal_number: of the signal that asked, None while nobody has.
    """

    def __init__(self) -> None:
        self.signal_number: int | None = None

    def __call__(self) -> bool:
        """True once no more work should be begun."""
        return self.signal_number is not None


#: Those that are waited for, the outermost first: what goes on within another one ends both.
_OPEN: list[StopRequest] = []


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Turn the first SIGINT or SIGTERM into a request; a second one interrupts at once.

    Where one stands within another, as a batch does while a folder is watched, both are asked.

    Outside the main thread signals cannot be caught, and the request is never made.

    Raises:
        KeyboardInterrupt: at the second signal.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if request.signal_number is not None:
            raise KeyboardInterrupt
        for each in _OPEN:
            each.signal_number = number

    _OPEN.append(request)
    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _OPEN.remove(request)
