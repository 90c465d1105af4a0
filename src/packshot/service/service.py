"""One running service: what every address needs to turn a request into a job and its answer into a response."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from starlette.requests import Request

from packshot.errors import PackshotError
from packshot.service.asking_key import owner_of
from packshot.service.batches.batches import Batches
from packshot.service.batches.running import BatchRunner
from packshot.service.catalogues.duplicates import DuplicateScans
from packshot.service.catalogues.places import Catalogues
from packshot.service.fetching import Fetcher, FetchRefused
from packshot.service.idempotency import Idempotency
from packshot.service.job import Answer, Job, JobRefused
from packshot.service.kept.photos import KeptPhotos
from packshot.service.keys import KeyRing
from packshot.service.metrics import Metrics
from packshot.service.rate import Rates
from packshot.service.receiving import Receiving
from packshot.service.refusal import Refusal, refusal_of
from packshot.service.reviewing.places import Places
from packshot.service.settings import ServiceSettings
from packshot.service.shared_threads import SharedThreads
from packshot.service.sign_ins import SignIns
from packshot.service.tracing import RequestSpan
from packshot.service.uploads import Upload, read_upload
from packshot.service.webhooks.delivery import Deliverer
from packshot.service.webhooks.signing import read_secrets
from packshot.settings import Settings

__all__ = ["ClientGone", "Service", "Workers", "service_of"]


_FETCHING_THREADS = 16


class ClientGone(Exception):
    """The client left before its answer was there."""


class Workers(Protocol):
    """What does jobs: `packshot.service.pool.Pool`, or a stand-in."""

    draining: bool

    @property
    def ready(self) -> bool:
        """Whether a job can be done now."""

    def start(self) -> None:
        """Begin."""

    async def close(self) -> None:
        """End."""

    def admit(self) -> contextlib.AbstractContextManager[float]:
        """Let a request in; see `packshot.service.pool.Pool.admit`."""

    async def run(self, job: Any, due: float) -> Any:
        """Do a job; see `packshot.service.pool.Pool.run`."""

    async def run_behind(self, job: Any, seconds: float) -> Any:
        """Do a job that nobody waits for; see `packshot.service.pool.Pool.run_behind`."""

    def observe(self) -> None:
        """Write into the metrics."""


class Service:
    """The parts of an application.

    Args:
        settings: how photos are worked on, those of this machine's own runs and catalogues within its limits.
        serving: how the service runs; narrows those limits for what requests bring.
        keys: that open it.
        workers: do the jobs.
        metrics: numbers and log.

    Attributes:
        settings: how photos that requests bring are worked on.
        own_limits: of photos that lie on this machine: a run or `packshot index` has opened them already.
        serving: how the service runs.
        keys: that open it; none where only this machine can reach it.
        workers: do the jobs.
        metrics: numbers and log.
        rates: what keys may still do.
        sign_ins: browsers that showed a key.
        kept: photos that persons work on.
        fetcher: of photos by address.
        ending: whether the server was told to end.
        reviews: results of runs that persons decide on.
        catalogues: that can be searched.
        duplicates: looked for in catalogues.
        batches: of many photos, worked on in the background.
        deliverer: of webhooks.
        idempotency: answers that are given again.
        receiving: bodies that still arrive.
        fetching: photos by address that still arrive.
    """

    def __init__(
        self, settings: Settings, serving: ServiceSettings, *, keys: KeyRing, workers: Workers, metrics: Metrics
    ) -> None:
        self.settings, self.own_limits = serving.narrowed(settings), settings.limits
        self.serving, self.keys = serving, keys
        self.workers, self.metrics, self.rates = workers, metrics, Rates()
        self.sign_ins = SignIns()
        self.kept = KeptPhotos(serving.keep_s, int(serving.keep_megabytes * 1e6))
        self.fetcher = Fetcher(serving.max_upload_bytes, serving.fetch_s)
        self.catalogues = Catalogues(serving.catalogues)
        self.duplicates = DuplicateScans()
        secrets = () if serving.webhook_secrets is None else read_secrets(serving.webhook_secrets)
        self.deliverer = Deliverer(self.fetcher, secrets, metrics)
        runner = BatchRunner(self.settings, serving, workers=workers, deliverer=self.deliverer, metrics=metrics)
        self.batches = Batches(serving, runner, metrics)
        self.reviews = Places(serving.runs, settings, more=self.batches.out, called=self.batches.called)
        self.idempotency = Idempotency(None if serving.state is None else serving.state / "idempotency")
        self.receiving = Receiving(
            (serving.workers + serving.queue) * serving.max_body_bytes,
            serving.connections,
            largest=serving.max_body_bytes,
        )
        self.fetching = SharedThreads(_FETCHING_THREADS)
        self.ending: Callable[[], bool] = lambda: False

    async def perform(
        self, request: Request, make_job: Callable[[Upload], Awaitable[Job]], *, body: bool = True
    ) -> Answer:
        """Read a request, make its job, let that in, and do it.

        What still arrives, from the client or from an address that it names, has no place in the queue: a place is for
        work that can be done.

        Args:
            request: as it came; its body is not read yet.
            make_job: from the body to the job.
            body: whether it has one.

        Raises:
            Refusal: of the request, or of what it asks for.
            JobRefused: what it asks for does not fit its photo.
            PackshotError: the photo is refused, or there is nothing to cut out.
            ClientGone: nobody waits for the answer any more.
        """
        with self.workers.admit() as due:  # where the queue is full, nothing is read
            request.state.due = due
        with self.receiving.receive(owner_of(request)) as arrived:
            upload = await read_upload(request, self.serving, arrived) if body else Upload()
            job = await make_job(upload)
        with self.workers.admit():
            outcome = await _while_connected(request, self.workers.run(job, due))
        if isinstance(outcome, PackshotError | JobRefused):
            raise outcome
        self.metrics.parts(outcome.timings_ms)
        span: RequestSpan | None = getattr(request.state, "span", None)
        if span is not None:
            span.parts(outcome.timings_ms)
        answer: Answer = outcome
        return answer

    async def fetch(self, request: Request, url: str, *, code: str) -> bytes:
        """A photo from an address that a request named, before its answer is due.

        Args:
            request: that named it.
            url: as it was named.
            code: of the refusal where it cannot be had.

        Raises:
            Refusal: fetching is off, the address is refused, or it gave no photo in time; 503, too many are fetched.
        """
        if not self.serving.fetch_urls:
            raise Refusal(400, "urls_not_allowed", "this service fetches no addresses", "send the photo itself")
        due: float = getattr(request.state, "due", time.monotonic() + self.serving.deadline_s)

        def fetch() -> bytes:
            return self.fetcher.fetch(url, seconds=due - time.monotonic())

        try:
            return await self.fetching.run(owner_of(request), fetch, patience_s=due - time.monotonic())
        except TimeoutError as error:
            raise Refusal(
                503, "busy", "too many photos are fetched", "send the photo itself", {"Retry-After": "10"}
            ) from error
        except FetchRefused as error:
            raise Refusal(400, code, f"the photo could not be fetched: {error}", "send the photo itself") from error

    def model(self, name: str | None) -> str:
        """The network that a request names; the first of the list where it names none.

        Raises:
            Refusal: it is not in the list.
        """
        if not name:
            return self.serving.models[0]
        if name not in self.serving.models:
            known = ", ".join(self.serving.models)
            raise Refusal(400, "unknown_model", "there is no such model here", f"name one of: {known}")
        return name


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service


def refused(error: PackshotError | JobRefused) -> Refusal:
    """A worker's error as a refusal."""
    return refusal_of(error) if isinstance(error, PackshotError) else Refusal(400, error.code, error.message)


async def _while_connected(request: Request, work: Coroutine[Any, Any, Any]) -> Any:
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientGone
    finally:
        for each in (task, gone):
            each.cancel()
            with contextlib.suppress(asyncio.CancelledError, Refusal):
                if not each.done():
                    await each


async def _gone(request: Request) -> None:
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            return
