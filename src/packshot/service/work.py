"""The inside of the service's worker processes: one job after another; whatever goes wrong is that job's answer."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from packshot.batch.isolation import unforeseen
from packshot.errors import NothingToCutOut, PackshotError
from packshot.machine import keep_freed_memory
from packshot.photo import encode
from packshot.service.job import Answer, Job, JobRefused
from packshot.service.tools import Tools
from packshot.settings import Settings

__all__ = ["Outcome", "ServiceWork", "make_service_work"]

Outcome = Answer | PackshotError | JobRefused
"""What became of a job; errors are answers here, for an exception would end the worker."""

_WARM_SIDE = 64  # pixels of the photo that loads the networks


class ServiceWork:
    """Does jobs, one at a time: what a job measures and what is kept for the next one belong to the job in hand.

    A worker process has one thread; a call from a second one waits.

    Args:
        settings: how photos are worked on.
    """

    def __init__(self, settings: Settings) -> None:
        self.tools = Tools(settings)
        self._in_hand = threading.Lock()

    def warm(self, model: str) -> None:
        """Load what nearly every job needs, so that the first request waits no longer than the next."""
        with contextlib.suppress(NothingToCutOut):
            self.tools.segment(self.tools.decode(_warm_photo()), model=model)

    def __call__(self, job: Job) -> Outcome:
        """Do one; never raises."""
        with self._in_hand:
            return self._do(job)

    def _do(self, job: Job) -> Outcome:
        self.tools.timings_ms = {}
        try:
            answer = job.do(self.tools)
            return replace(answer, timings_ms=dict(self.tools.timings_ms), memory_bytes=_resident_bytes())
        except (PackshotError, JobRefused) as error:
            return error
        except Exception as error:
            return unforeseen(error)


def make_service_work(settings: Settings, model: str) -> Callable[[Job], Outcome]:
    """The work of one worker process, with networks loaded.

    A supervisor may send SIGTERM to every process of the service; only the parent acts on it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    cv2.setNumThreads(settings.threads)
    keep_freed_memory()
    work = ServiceWork(settings)
    work.warm(model)
    return work


def _warm_photo() -> bytes:
    return encode(np.full((_WARM_SIDE, _WARM_SIDE, 3), 200, np.uint8), format="PNG").data


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0
