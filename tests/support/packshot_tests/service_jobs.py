"""Jobs for worker processes of tests: they answer, sleep, hang or die, and load no network."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from packshot.errors import DamagedPhoto, ModelNotFound


def make_work() -> Callable[[tuple[str, float]], Any]:
    return _work


def make_nothing() -> Callable[[Any], Any]:
    raise ModelNotFound("no model", remedy="none")


def _work(job: tuple[str, float]) -> Any:
    what, seconds = job
    if what == "die":
        os._exit(9)
    time.sleep(seconds)
    return DamagedPhoto("damaged", remedy="again") if what == "refuse" else os.getpid()
