"""Ctrl-C and SIGTERM end a training between two batches; the same command goes on from the last whole epoch."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import lightning

__all__ = ["StopOnRequest", "Stopped", "stop_on_signals"]


class Stopped(Exception):
    """Someone asked the training to stop.

    Attributes:
        signal_number: that asked.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"signal {signal_number}")
        self.signal_number = signal_number


class StopOnRequest(lightning.Callback):
    """Ends the loop between two batches once a signal has come."""

    def __init__(self) -> None:
        self.signal_number: int | None = None

    def check(self) -> None:
        """Raise `Stopped` if a signal has come."""
        if self.signal_number is not None:
            raise Stopped(self.signal_number)

    def on_train_batch_end(self, *args: Any, **kwargs: Any) -> None:
        """Between two training batches."""
        self.check()

    def on_validation_batch_end(self, *args: Any, **kwargs: Any) -> None:
        """Between two validation batches."""
        self.check()


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopOnRequest]:
    """Turn the first SIGINT or SIGTERM into a request; a second one interrupts at once.

    Outside the main thread signals cannot be caught, and the request is never made.

    Raises:
        KeyboardInterrupt: at the second signal.
    """
    request = StopOnRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        if request.signal_number is not None:
            raise KeyboardInterrupt
        request.signal_number = number

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
