"""Wait for photos, and run a batch whenever some have arrived, until somebody asks to stop."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from packshot.batch.incoming import IncomingPhotos
from packshot.batch.watched import WatchFile
from packshot.errors import PackshotError
from packshot.signals import StopRequest, stop_on_signals

__all__ = ["watch"]

_HEARTBEAT_S = 0.2  # how soon a wish to stop is noticed
_STOPPED = 128


def watch(
    incoming: IncomingPhotos,
    run_once: Callable[[IncomingPhotos], int],
    *,
    every_s: float = 2.0,
    tell: Callable[[str], None],
    state: WatchFile | None = None,
) -> int:
    """Look at the folders again and again; Ctrl-C and SIGTERM end it after the photos in hand.

    What a batch could not do (another command holds the output folder, the disk is full, a photo has no SKU) is told
    once, and tried again at every look.

    Args:
        incoming: of the folders.
        run_once: runs a batch of what has arrived, and gives its exit code; called with `incoming`.
        every_s: seconds between two looks.
        tell: prints a line for a person.
        state: keeps what goes on for whoever looks from outside.

    Returns:
        0, or 3 when a batch had photos that failed. Being stopped is no failure: the next start goes on.
    """
    failed, told, trouble = 0, "", ""
    keep = _nothing if state is None else state.tell
    with stop_on_signals() as stop_requested, contextlib.nullcontext() if state is None else state.alive():
        while not stop_requested():
            if incoming.scan():
                keep(incoming, working=len(incoming.new), trouble=trouble)
                try:
                    code = run_once(incoming)
                except PackshotError as error:
                    trouble = error.code
                    if str(error) != told:
                        told = str(error)
                        tell(told)
                else:
                    if code >= _STOPPED:
                        break
                    incoming.mark_done()
                    failed, told, trouble = failed or code, "", ""
            keep(incoming, trouble=trouble)
            _wait(every_s, stop_requested)
    return failed


def _nothing(incoming: IncomingPhotos, *, working: int = 0, trouble: str = "") -> None:
    pass


def _wait(seconds: float, stop_requested: StopRequest) -> None:
    until = time.monotonic() + seconds
    while not stop_requested() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _HEARTBEAT_S))
