"""Worker processes as a script starts them, not the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from packshot.engines import Done, ProcessEngine

THREADS = "OPENBLAS_NUM_THREADS"


@dataclass(frozen=True)
class Named:
    """A task."""

    stem: str


def threads_of(task: Named) -> str | None:
    """What a worker lets its matrices be multiplied in."""
    return os.environ.get(THREADS)


def make_work() -> Callable[[Named], str | None]:
    return threads_of


@pytest.mark.parametrize(("own", "expected"), [(None, "1"), ("3", "3")])
def test_each_worker_multiplies_in_one_thread_unless_the_user_said_otherwise(
    own: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(THREADS, raising=False)
    if own is not None:
        monkeypatch.setenv(THREADS, own)
    tasks = [Named("a"), Named("b")]
    done = list(ProcessEngine(2).run(tasks, make_work, stop_requested=lambda: False))
    assert all(isinstance(each, Done) for each in done)
    assert [each.outcome for each in done if isinstance(each, Done)] == [expected, expected]
