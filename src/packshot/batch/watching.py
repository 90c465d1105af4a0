"""Wait for photos, and run a batch whenever some have arrived, until somebody asks to stop."""

from __future__ import annotations

import time
from collections.abc import Callable

from packshot.batch.arrivals import Arrivals
from packshot.errors import PackshotError
from packshot.signals import StopRequest, stop_on_signals

__all__ = ["watch"]

_HEARTBEAT_S = 0.2  # how soon a wish to stop is noticed
_STOPPED = 128


def watch(
    arrivals: Arrivals,
    run_once: Callable[[Arrivals], int],
    *,
    every_s: float = 2.0,
    tell: Callable[[str], None],
) -> int:
    """Look at the folders again and again; Ctrl-C and SIGTERM end it after the photos in hand.

    What a batch could not do (another command holds the output folder, the disk is full, a photo has no SKU) is told
    once, and tried again at every look.

    Args:
        arrivals: of the folders.
        run_once: runs a batch of what has arrived, and gives its exit code; called with `arrivals`.
        every_s: seconds between two looks.
        tell: prints a line for a person.

    Returns:
        0, or 3 when a batch had photos that failed. Being stopped is no failure: the next start goes on.
    """
    failed, told = 0, ""
    with stop_on_signals() as stopping:
        while not stopping():
            if arrivals.look():
                try:
                    code = run_once(arrivals)
                except PackshotError as error:
                    if str(error) != told:
                        told = str(error)
                        tell(told)
                else:
                    if code >= _STOPPED:
                        break
                    arrivals.settle()
                    failed, told = failed or code, ""
            _wait(every_s, stopping)
    return failed


def _wait(seconds: float, stopping: StopRequest) -> None:
    until = time.monotonic() + seconds
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _HEARTBEAT_S))
