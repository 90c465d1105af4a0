"""Processes that are killed at a random moment of their work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

__all__ = ["kill_amid_work"]


def kill_amid_work(
    process: subprocess.Popen[bytes], results: Callable[[], int], chance: random.Random, *, within_s: float
) -> bool:
    """Kill a process and its group once it has written something, or else its start would take every kill.

    Args:
        process: that leads a group of its own.
        results: how much there is of its work, a number that grows.
        chance: draws the moment.
        within_s: of the first result, seconds.

    Returns:
        Whether it was killed; False where it ended before.
    """
    before = results()
    while process.poll() is None and results() <= before:
        time.sleep(0.005)
    time.sleep(chance.uniform(0, within_s))
    killed = process.poll() is None
    if killed:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return killed
