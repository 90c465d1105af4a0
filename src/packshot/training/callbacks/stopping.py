"""Ctrl-C and SIGTERM end a training between two batches; the same command goes on from the last whole epoch."""

from __future__ import annotations

import lightning

from packshot.signals import StopRequest

__all__ = ["StopOnRequest", "Stopped"]


class Stopped(Exception):
    """Someone asked the training to stop.

    Attributes:
        signal_number: that asked.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"signal {signal_number}")
        self.signal_number = signal_number


class StopOnRequest(lightning.Callback):
    """Ends the loop between two batches once someone has asked.

    Args:
        request: what a signal sets.
    """

    def __init__(self, request: StopRequest) -> None:
        self.request = request

    def check(self) -> None:
        """Raise `Stopped` if someone has asked."""
        if self.request.signal_number is not None:
            raise Stopped(self.request.signal_number)

    def on_train_batch_end(self, *args: object, **kwargs: object) -> None:
        """Between two training batches."""
        self.check()

    def on_validation_batch_end(self, *args: object, **kwargs: object) -> None:
        """Between two validation batches."""
        self.check()
