"""The queue and the worker processes: in order, bounded, and nobody pays for another's photo."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from packshot_tests.event_loop import in_event_loop
from packshot_tests.service_jobs import make_nothing, make_work

from packshot.errors import DamagedPhoto, ModelNotFound, WorkerDied
from packshot.service.metrics import Metrics
from packshot.service.pool import Pool
from packshot.service.refusal import Refusal
from packshot.service.waiting import Waiting
from packshot.service.worker import Worker


@contextlib.asynccontextmanager
async def pool(workers: int = 1, queue: int = 8, deadline_s: float = 60.0) -> AsyncIterator[Pool]:
    made = Pool(make_work, workers=workers, queue=queue, deadline_s=deadline_s, metrics=Metrics(io.StringIO()))
    made.start()
    try:
        while len(made.pids) < workers or made._waiting.free < workers:
            await asyncio.sleep(0.02)
        yield made
    finally:
        await made.close()


async def ask(made: Pool, what: str = "answer", seconds: float = 0.0) -> Any:
    with made.admit() as due:
        return await made.run((what, seconds), due)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    in_event_loop(test)


def test_jobs_are_done_in_processes_of_their_own() -> None:
    async def scene() -> None:
        async with pool(workers=2) as made:
            done = await asyncio.gather(*(ask(made, seconds=0.05) for _ in range(6)))
            assert set(done) <= set(made.pids)
            assert os.getpid() not in done
            assert isinstance(await ask(made, "refuse"), DamagedPhoto)

    run(scene)


def test_a_worker_that_dies_fails_its_own_job_alone() -> None:
    async def scene() -> None:
        async with pool(workers=2) as made:
            before = set(made.pids)
            outcomes = await asyncio.gather(
                ask(made, "die"), *(ask(made, seconds=0.1) for _ in range(5)), return_exceptions=True
            )
            lost = [each for each in outcomes if isinstance(each, Refusal)]
            assert [(each.status, each.code) for each in lost] == [(500, "WorkerDied")]
            assert len([each for each in outcomes if isinstance(each, int)]) == 5
            while len(made.pids) < 2 or set(made.pids) == before:
                await asyncio.sleep(0.02)
            assert await ask(made) in made.pids

    run(scene)


def test_a_worker_that_dies_while_it_has_nothing_to_do_costs_no_job() -> None:
    async def scene() -> None:
        async with pool() as made:
            idle = made.pids[0]
            os.kill(idle, signal.SIGKILL)
            await asyncio.sleep(0.3)
            assert await ask(made) != idle

    run(scene)


def test_a_worker_that_hangs_is_killed_at_the_deadline() -> None:
    async def scene() -> None:
        async with pool(deadline_s=0.5) as made:
            hung = made.pids[0]
            started = time.monotonic()
            with pytest.raises(Refusal) as caught:
                await ask(made, "hang", 1000)
            assert (caught.value.status, caught.value.code) == (504, "TimeLimitExceeded")
            assert re.fullmatch(
                r"not finished after 0\.0 s of waiting for a worker and 0\.5 s of work", caught.value.message
            )
            for word in ("busy or slow", "try again", "smaller", "--deadline 0.5", "PACKSHOT_SERVE_DEADLINE_S"):
                assert word in caught.value.remedy
            assert time.monotonic() - started < 30
            with pytest.raises(ProcessLookupError):
                os.kill(hung, 0)

    run(scene)


def test_a_full_queue_says_when_to_come_again() -> None:
    async def scene() -> None:
        async with pool(queue=1) as made:
            held = [asyncio.ensure_future(ask(made, seconds=0.5)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(Refusal) as caught:
                await ask(made)
            assert caught.value.status == 503
            assert 1 <= int(caught.value.headers["Retry-After"]) <= 120
            assert all(isinstance(each, int) for each in await asyncio.gather(*held))
            assert isinstance(await ask(made), int)  # there is room again

    run(scene)


def test_who_waits_beyond_the_deadline_is_sent_away() -> None:
    async def scene() -> None:
        async with pool(deadline_s=1.5) as made:
            first = asyncio.ensure_future(ask(made, seconds=1.0))
            await asyncio.sleep(0.05)
            with pytest.raises(Refusal) as caught, made.admit():
                await made.run(("answer", 0.0), time.monotonic() + 0.1)
            assert caught.value.status == 503
            assert isinstance(await first, int)

    run(scene)


def test_who_leaves_the_queue_is_not_worked_for() -> None:
    async def scene() -> None:
        async with pool() as made:
            first = asyncio.ensure_future(ask(made, seconds=0.3))
            await asyncio.sleep(0.05)
            left = asyncio.ensure_future(ask(made, "die"))
            await asyncio.sleep(0.05)
            left.cancel()
            assert await first == await ask(made)  # the same process: it was never asked to die

    run(scene)


def test_who_leaves_in_work_costs_no_worker() -> None:
    async def scene() -> None:
        async with pool() as made:
            pids = made.pids
            left = asyncio.ensure_future(ask(made, seconds=0.3))
            await asyncio.sleep(0.1)
            left.cancel()
            assert await ask(made) == pids[0]

    run(scene)


def test_a_service_that_ends_lets_nobody_in() -> None:
    async def scene() -> None:
        async with pool() as made:
            assert made.ready
            await made.close()
            assert not made.ready
            assert made.pids == []
            with pytest.raises(Refusal, match="ending"):
                await ask(made)

    run(scene)


def test_a_worker_that_does_not_start_says_why() -> None:
    worker = Worker(make_nothing)
    with pytest.raises(ModelNotFound):
        worker.start()
    assert not worker.alive


def started(worker: Worker) -> None:
    with contextlib.suppress(WorkerDied):
        worker.start()


def test_a_worker_that_is_dismissed_while_it_starts_ends() -> None:
    for pause in (0.0, 0.05, 0.3):
        worker = Worker(make_work)
        start = threading.Thread(target=started, args=(worker,))
        start.start()
        time.sleep(pause)
        worker.dismiss()
        start.join(60)
        assert not start.is_alive()
        assert not worker.alive


def test_first_come_first_served_and_nothing_is_lost() -> None:
    async def scene() -> None:
        waiting: Waiting[str] = Waiting()
        order: list[str] = []

        async def take(name: str) -> None:
            order.append(name + await waiting.take(60))

        tasks = [asyncio.ensure_future(take(name)) for name in "abc"]
        await asyncio.sleep(0)
        assert waiting.waiting == 3
        waiting.give("1")
        tasks[0].cancel()  # given and leaving in the same moment: the next one has it
        tasks[1].cancel()
        await asyncio.sleep(0.01)
        assert order == ["c1"]
        with pytest.raises(TimeoutError):
            await waiting.take(0.01)
        waiting.give("2")
        assert (waiting.free, waiting.waiting) == (1, 0)
        assert await waiting.take(1) == "2"

    run(scene)
