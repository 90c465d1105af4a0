"""What a worker does with a job."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from packshot_tests.service import QUICK, outlined

from packshot.service.job import Answer
from packshot.service.tools import Tools
from packshot.service.work import Outcome, ServiceWork


@dataclass
class Second:
    """Comes while the first job is in hand."""

    begun: threading.Event

    def do(self, tools: Tools) -> Answer:
        self.begun.set()
        with tools.at("decode"):
            return Answer(b"second")


@dataclass
class First:
    """Measures a part, then gives the second job every chance to come in between."""

    work: ServiceWork
    threads: ThreadPoolExecutor
    second: Second
    later: Future[Outcome] | None = None

    def do(self, tools: Tools) -> Answer:
        with tools.at("mask"):
            pass
        self.later = self.threads.submit(self.work, self.second)
        assert not self.second.begun.wait(0.3)
        return Answer(b"first")


def test_a_stage_is_the_same_part_whoever_runs_it() -> None:
    tools = Tools(QUICK)
    tools.spent({"photo": 1.0, "frame": 2.0, "cutout": 3.0, "description": 4.0, "composition": 5.0})
    assert tools.timings_ms == {"decode": 1.0, "frame": 2.0, "mask": 3.0, "describe": 4.0, "compose": 5.0}
    tools.timings_ms.clear()
    tools.segment(tools.decode(outlined()), model="cutout")
    assert set(tools.timings_ms) == {"decode", "mask"}


def test_the_times_of_a_job_are_its_own_where_two_threads_share_a_worker() -> None:
    work = ServiceWork(QUICK)
    with ThreadPoolExecutor(1) as threads:
        job = First(work, threads, Second(threading.Event()))
        first = work(job)
        assert job.later is not None
        second = job.later.result(60)
    assert isinstance(first, Answer), first
    assert isinstance(second, Answer), second
    assert (first.content, set(first.timings_ms)) == (b"first", {"mask"})
    assert (second.content, set(second.timings_ms)) == (b"second", {"decode"})
