"""Wait for photos, and run a batch whenever some have arrived, until somebody asks to stop."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from packshot.batch.arrivals import Arrivals
from packshot.batch.watched import WatchFile
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
    state: WatchFile | None = None,
) -> int:
    """Look at the folders again and again; Ctrl-C and SIGTERM end it after the photos in hand.

    What a batch could not do (another command holds the output folder, the disk is full, a photo has no SKU) is told
    once, and tried again at every look.

    Args:
        arrivals: of the folders.
        run_once: runs a batch of what has arrived, and gives its exit code; called with `arrivals`.
        every_s: seconds between two looks.
        tell: prints a line for a person.
        state: keeps what goes on for whoever looks from outside.

    Returns:
        0, or 3 when a batch had photos that failed. Being stopped is no failure: the next start goes on.
    """
    failed, told, trouble = 0, "", ""
    keep = _nothing if state is None else state.tell
    with stop_on_signals() as stopping, contextlib.nullcontext() if state is None else state.alive():
        while not stopping():
            if arrivals.look():
                keep(arrivals, working=len(arrivals.new), trouble=trouble)
                try:
                    code = run_once(arrivals)
                except PackshotError as error:
                    trouble = error.code
                    if str(error) != told:
                        told = str(error)
                        tell(told)
                else:
                    if code >= _STOPPED:
                        break
                    arrivals.settle()
                    failed, told, trouble = failed or code, "", ""
            keep(arrivals, trouble=trouble)
            _wait(every_s, stopping)
    return failed


def _nothing(arrivals: Arrivals, *, working: int = 0, trouble: str = "") -> None:
    pass


def _wait(seconds: float, stopping: StopRequest) -> None:
    until = time.monotonic() + seconds
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _HEARTBEAT_S))
