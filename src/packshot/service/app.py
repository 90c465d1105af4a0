"""The application: addresses, layers, and what becomes of errors."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TextIO

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from packshot.errors import PackshotError, UsageError
from packshot.service import health, rembg, strokes, v1, why
from packshot.service.access import Access
from packshot.service.batches import result_routes as batch_results
from packshot.service.batches import routes as batches
from packshot.service.catalogues import duplicate_routes as duplicates
from packshot.service.catalogues import routes as catalogues
from packshot.service.dialect import respond
from packshot.service.job import JobRefused
from packshot.service.kept import classifier_routes as classifier
from packshot.service.kept import routes as kept
from packshot.service.keys import KeyRing
from packshot.service.metrics import Metrics
from packshot.service.observed import Observed
from packshot.service.openapi import refusals
from packshot.service.pages import review as review_page
from packshot.service.pages import routes as pages
from packshot.service.pages import sign_in, tag
from packshot.service.place_check import check_places
from packshot.service.pool import Pool
from packshot.service.query_names import refuse_unknown_parameters
from packshot.service.refusal import Refusal
from packshot.service.removebg import routes as removebg
from packshot.service.reviewing.routers import review_routers
from packshot.service.runs import routes as runs
from packshot.service.service import ClientGone, Service, Workers, refused, service_of
from packshot.service.settings import ServiceSettings
from packshot.service.tagging import routes as tagging
from packshot.service.tracing import Traces
from packshot.service.work import make_service_work
from packshot.settings import Settings
from packshot.version import __version__

__all__ = ["create_app"]

_SWEEP_S = 30.0  # between looks for photos that nobody asked for in time
_FORGET_S = 3600.0  # between looks for answers whose day is over
_GONE = 499  # nginx's number for a client that left; nobody reads it but the log


def create_app(
    settings: Settings,
    serving: ServiceSettings,
    *,
    keys: KeyRing | None = None,
    workers: Workers | None = None,
    log_to: TextIO | None = None,
    traces: Traces | None = None,
) -> FastAPI:
    """Make the application.

    Args:
        settings: how photos are worked on; for what requests bring, its limits are narrowed to those of `serving`.
        serving: how the service runs.
        keys: that open it.
        workers: what does the jobs; processes by default, started with the application.
        log_to: where the log goes; standard error by default.
        traces: where spans go; None for none.

    Raises:
        UsageError: it can be reached from elsewhere and there are no keys, a model is named by a path, or a run or a
            catalogue can never be one.
        OutputError: a folder of its own cannot be written; see `check_places`.
    """
    if not serving.on_loopback and not keys:
        raise UsageError(
            f"{serving.host} can be reached from other machines, and no key is asked for",
            remedy="make one with `packshot serve --new-key NAME` and pass --keys FILE, or listen on 127.0.0.1",
        )
    _require_names(serving.models)
    metrics = Metrics(log_to)
    check_places(serving, metrics.log)
    work = functools.partial(make_service_work, serving.narrowed(settings), serving.models[0])
    pool = workers or Pool(
        work, workers=serving.workers, queue=serving.queue, deadline_s=serving.deadline_s, metrics=metrics
    )
    service = Service(settings, serving, keys=keys or KeyRing(), workers=pool, metrics=metrics)
    app = FastAPI(
        title="packshot",
        version=__version__,
        summary="From the photo a seller took to a catalogue-ready picture.",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        responses=refusals(),
        lifespan=_lifespan,
        dependencies=[Depends(refuse_unknown_parameters)],
    )
    app.state.service, app.state.traces = service, traces
    for each in (
        health.router,
        removebg.router,
        rembg.router,
        v1.router,
        kept.router,
        classifier.router,
        why.router,
        strokes.router,
        catalogues.router,
        batches.router,
        batch_results.router,
        runs.router,
        duplicates.router,
        *review_routers,
        pages.router,
        review_page.router,
        sign_in.router,
        tag.router,
        tagging.router,
    ):
        app.include_router(each)
    app.add_middleware(Access, service=service)
    app.add_middleware(Observed, metrics=metrics, traces=traces)
    _handle_errors(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    async with AsyncExitStack() as ending:  # in turn, the last first; also where something does not start
        ending.callback(service.kept.close)
        if app.state.traces is not None:
            ending.push_async_callback(anyio.to_thread.run_sync, app.state.traces.close)
        ending.callback(service.catalogues.close)
        ending.push_async_callback(service.duplicates.close)
        service.workers.start()
        ending.push_async_callback(service.workers.close)
        await anyio.to_thread.run_sync(service.kept.remove_left)
        service.batches.start()
        ending.push_async_callback(service.batches.close)
        for each in (_sweep(service), _forget(service)):
            ending.callback(asyncio.create_task(each).cancel)
        yield


async def _sweep(service: Service) -> None:
    while True:
        await asyncio.sleep(_SWEEP_S)
        service.kept.sweep()


async def _forget(service: Service) -> None:
    while True:
        try:
            await anyio.to_thread.run_sync(service.idempotency.forget_old)
        except OSError as error:  # tried again
            service.metrics.log.error("answers_not_removed", kind=type(error).__name__)
        await asyncio.sleep(_FORGET_S)


def _require_names(models: tuple[str, ...]) -> None:
    for name in models:
        if "/" in name or "\\" in name or name.endswith(".onnx"):
            raise UsageError(
                f"model {name!r} is a path", remedy="put the file into the model store and name it (`packshot models`)"
            )


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def _refusal(request: Request, error: Refusal) -> Response:
        return _answer(request, error)

    @app.exception_handler(PackshotError)
    async def _packshot(request: Request, error: PackshotError) -> Response:
        return _answer(request, refused(error))

    @app.exception_handler(JobRefused)
    async def _job(request: Request, error: JobRefused) -> Response:
        return _answer(request, refused(error))

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][1:])[:60]
        return _answer(request, Refusal(422, "invalid_parameter", f"{name}: {first['msg']}", "see /openapi.json"))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        codes = {404: "not_found", 405: "method_not_allowed"}
        code = codes.get(error.status_code, "http_error")
        return _answer(request, Refusal(error.status_code, code, error.detail, "see /openapi.json", error.headers))

    @app.exception_handler(ClientGone)
    @app.exception_handler(ClientDisconnect)
    async def _left(request: Request, error: Exception) -> Response:
        return Response(status_code=_GONE)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        return _answer(request, Refusal(500, "InternalError", "an unforeseen error", "report it with the request id"))


def _answer(request: Request, refusal: Refusal) -> Response:
    request.state.refusal_code = refusal.code
    refusal.message = service_of(request).batches.called(refusal.message)  # an error may name a photo by its path
    return respond(refusal, path=request.url.path, request_id=request.state.request_id)
