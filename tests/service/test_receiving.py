"""What strangers send or serve slowly: it holds no place in the queue, and nothing that another key needs."""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import pytest
from packshot_tests.event_loop import in_event_loop
from packshot_tests.service import QUICK, Inline, listening, outlined

from packshot.service import ServiceSettings
from packshot.service.app import create_app
from packshot.service.fetching import FetchRefused
from packshot.service.metrics import Metrics
from packshot.service.receiving import Receiving
from packshot.service.refusal import Refusal
from packshot.service.shared_threads import SharedThreads
from packshot.service.webhooks.delivery import Deliverer
from packshot.service.webhooks.hook import Hook
from packshot.storage.times import utc_now

PATIENCE_S = 30


class Narrow(Inline):
    """Lets two requests in at once."""

    def __init__(self) -> None:
        super().__init__()
        self.admitted, self.most = 0, 0

    @contextlib.contextmanager
    def admit(self) -> Iterator[float]:
        if self.admitted >= 2:
            raise Refusal(503, "busy", "the queue is full", "", {"Retry-After": "1"})
        self.admitted += 1
        self.most = max(self.most, self.admitted)
        try:
            yield time.monotonic() + 60
        finally:
            self.admitted -= 1


class Silent:
    """Fetches from hosts that say nothing until the test lets them."""

    def __init__(self) -> None:
        self.asked, self.seconds, self.over = 0, [60.0], threading.Event()

    def fetch(self, _: str, *, seconds: float) -> bytes:
        self.asked += 1
        self.seconds.append(seconds)
        self.over.wait(PATIENCE_S)
        raise FetchRefused("the host did not answer in time")

    def post(self, *_: object) -> int:
        self.asked += 1
        self.over.wait(PATIENCE_S)
        raise FetchRefused("the host did not answer in time")


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextlib.contextmanager
def running(workers: Any, **serving: Any) -> Iterator[tuple[str, Any]]:
    app = create_app(QUICK, ServiceSettings(**serving), workers=workers, log_to=io.StringIO())
    with listening(app) as address:
        yield address, app.state.service


def cut_out(address: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.request("POST", "/v1/cutout", outlined(), {"Content-Type": "image/png"})
        return connection.getresponse().status


def test_bodies_that_trickle_hold_no_place_in_the_queue() -> None:
    workers = Narrow()
    with running(workers) as (address, service), contextlib.ExitStack() as stack:
        place = urlsplit(address)
        for _ in range(12):
            client = stack.enter_context(socket.create_connection((place.hostname, place.port)))
            head = b"POST /v1/cutout HTTP/1.1\r\nHost: localhost\r\n"
            client.sendall(head + b"Content-Type: image/png\r\nContent-Length: 500000\r\n\r\n\x89P")
        wait_until(lambda: service.receiving.bodies == 12)
        assert cut_out(address) == 200
        assert service.receiving.bodies == 12
    assert workers.most <= 2


def test_fetches_from_silent_hosts_hold_no_place_in_the_queue_and_end_when_the_answer_is_due() -> None:
    silent = Silent()
    with running(Narrow(), fetch_urls=True) as (address, service), ThreadPoolExecutor(12) as clients:
        service.fetcher = silent

        def by_address(_: int) -> int:
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
            with contextlib.closing(connection):
                connection.request("GET", "/api/remove?url=http://photos.example/a.jpg")
                return connection.getresponse().status

        asked = [clients.submit(by_address, number) for number in range(12)]
        wait_until(lambda: silent.asked == 12)
        assert cut_out(address) == 200
        assert not any(each.done() for each in asked)
        silent.over.set()
        assert {each.result() for each in asked} == {400}
        assert max(silent.seconds) <= 60


def test_a_queue_that_is_full_reads_nothing() -> None:
    workers = Narrow()
    workers.admitted = 2
    with running(workers) as (address, service):
        assert cut_out(address) == 503
        assert service.receiving.bodies == 0


def test_bytes_that_arrive_are_bounded_for_all_and_by_half_for_a_key() -> None:
    receiving = Receiving(100, 10, largest=30)
    with receiving.receive("anna") as anna, receiving.receive("bert") as bert:
        anna(50)
        with pytest.raises(Refusal) as caught:
            anna(1)
        assert (caught.value.status, caught.value.code, caught.value.headers["Retry-After"]) == (503, "busy", "1")
        bert(49)
    with receiving.receive(None) as local:  # all of it is free again, and who needs no key has all
        local(100)
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(receiving.receive("anna"))
        with pytest.raises(Refusal), receiving.receive("anna"):
            pass
        for _ in range(5):
            stack.enter_context(receiving.receive("bert"))
        assert receiving.bodies == 10
    assert receiving.bodies == 0
    with Receiving(10, 1, largest=30).receive("anna") as anna:
        anna(30)  # one body of the allowed size always passes


def test_a_key_that_waits_for_its_servers_takes_half_of_the_threads() -> None:
    async def scene() -> None:
        threads, over = SharedThreads(4), threading.Event()
        done: list[str] = []

        async def slow() -> None:
            await threads.run("anna", lambda: over.wait(PATIENCE_S))

        async def quick(owner: str) -> None:
            await threads.run(owner, lambda: done.append(owner))

        async with anyio.create_task_group() as group:
            for _ in range(6):
                group.start_soon(slow)
            await anyio.sleep(0.05)
            await quick("bert")
            with pytest.raises(TimeoutError):
                await threads.run("anna", lambda: done.append("anna"), patience_s=0.05)
            assert done == ["bert"]
            over.set()
        assert threads._of == {}, "a key that asks no more is forgotten"

    in_event_loop(scene)


def test_webhooks_that_nobody_answers_take_no_thread_of_others() -> None:
    async def scene() -> None:
        silent: Any = Silent()
        deliverer = Deliverer(silent, (b"secret",), Metrics(io.StringIO()), pauses_s=())

        async def keep(_: Hook) -> None: ...

        for number in range(60):
            hook = Hook(url="http://hooks.example/", due=utc_now())
            deliverer.deliver(hook, f"msg_{number}", {}, keep, owner="anna")
        while silent.asked < 4:
            await anyio.sleep(0.01)
        with anyio.fail_after(5):  # 40 threads are shared by all else
            async with anyio.create_task_group() as group:
                for _ in range(40):
                    group.start_soon(anyio.to_thread.run_sync, time.sleep, 0.01)
        hook = Hook(url="http://hooks.example/", due=utc_now())
        deliverer.deliver(hook, "msg_bert", {}, keep, owner="bert")
        while silent.asked < 5:
            await anyio.sleep(0.01)
        assert silent.asked == 5
        silent.over.set()
        await deliverer.close()

    in_event_loop(scene)
