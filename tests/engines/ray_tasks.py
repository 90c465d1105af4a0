"""Work that a Ray cluster is given by `ray_scenarios.py`; importable by its workers."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    stem: str


def shout(task: Word) -> str:
    if task.stem == "crash":
        os._exit(7)
    if task.stem == "hang":
        time.sleep(600)
    return task.stem.upper()


def make_shout() -> object:
    return shout
