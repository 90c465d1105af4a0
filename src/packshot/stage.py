"""What the stages of the pipeline have in common: a name, a revision, a fingerprint, their time, and threads."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ClassVar, TypeVar

__all__ = ["LastStageReached", "Stage", "StageClock", "in_threads"]

Name = TypeVar("Name")
Made = TypeVar("Made")


class Stage(ABC):
    """One stage: made once with its settings, then called for each photo.

    A subclass has a ``__call__`` with its own arguments; `packshot.pipeline.Pipeline.run` calls them all.

    Attributes:
        name: of the stage's room; in timings, in the report, and for ``until``.
        revision: raise it with every change after which the same photo may come out differently: results of the
            revision before are made again. ``tests/test_revisions.py`` fails where that was forgotten.
    """

    name: ClassVar[str]
    revision: ClassVar[int]

    @property
    def fingerprint(self) -> Mapping[str, object]:
        """Changes whenever the same photo could come out differently; plain JSON values."""
        return {"revision": self.revision, **self.settings()}

    @abstractmethod
    def settings(self) -> Mapping[str, object]:
        """What the stage's results depend on beside the photo and the code; plain JSON values."""


class LastStageReached(Exception):  # no error
    """The stage that was asked for last is done."""


class StageClock:
    """Measures the stages of one photo, and ends after the one that was asked for last.

    Args:
        until: name of that stage; None for all.

    Attributes:
        timings_ms: milliseconds of each stage that was begun.
        stage: name of the stage that was begun last; None before the first.
    """

    def __init__(self, until: str | None) -> None:
        self.timings_ms: dict[str, float] = {}
        self.stage: str | None = None
        self._until = until

    @contextmanager
    def at(self, stage: Stage) -> Iterator[None]:
        """Measure what is done within.

        Raises:
            LastStageReached: it was the last one.
        """
        started, self.stage = time.perf_counter(), stage.name
        try:
            yield
        finally:
            self.timings_ms[stage.name] = round((time.perf_counter() - started) * 1000, 2)
        if stage.name == self._until:
            raise LastStageReached


def in_threads(threads: int) -> Callable[[Callable[[Name], Made], Iterable[Name]], list[Made]]:
    """A `map` that does up to `threads` at once, in the order of what it is given; what one raises ends it."""

    def each(do: Callable[[Name], Made], names: Iterable[Name]) -> list[Made]:
        every = list(names)
        if threads == 1 or len(every) == 1:
            return [do(name) for name in every]
        with ThreadPoolExecutor(min(threads, len(every))) as pool:
            return list(pool.map(do, every))

    return each
