"""Jobs: made, filled, started, watched, stopped, deleted."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from packshot.service.asking_key import owner_of
from packshot.service.batches.batch import Batch
from packshot.service.fetching import FetchRefused
from packshot.service.idempotency import fingerprint_of
from packshot.service.json_answer import json_answer
from packshot.service.json_body import described_body, read_json
from packshot.service.openapi import answers, photo_body
from packshot.service.photo_request import the_photo
from packshot.service.profile_names import known_profiles
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.uploads import read_upload

__all__ = ["JobBody", "router", "the_batch"]

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_LONGEST_NAME = 300
_ROW = {
    "id": "0f8c5d0e8a0b4c0f9d6f4d5b3b0c1a2e",
    "state": "running",
    "profiles": ["amazon"],
    "photos": 40,
    "done": 12,
    "counts": {"ok": 11, "review": 1},
    "error": None,
    "results": None,
}


class JobBody(BaseModel):
    """A new job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    profiles: tuple[str, ...] = Field(default=("plain",), min_length=1, max_length=16, description="marketplaces")
    webhook: str | None = Field(
        default=None, max_length=2000, description="http(s) address that is told when the job has ended"
    )
    results: Literal["kept", "bucket"] = Field(
        default="kept", description="whether its pictures are also put into the service's bucket"
    )


def the_batch(request: Request, job: str) -> Batch:
    """The job that a request names.

    Raises:
        Refusal: 404, there is none, or it is somebody else's.
    """
    return service_of(request).batches.one(job, owner_of(request))


@router.post(
    "",
    summary="Make a job of many photos",
    status_code=201,
    response_class=Response,
    responses={201: answers(example=_ROW)[200], **answers()},
    openapi_extra=described_body(JobBody, {"profiles": ["amazon", "ebay"], "webhook": None}),
)
async def make(request: Request) -> Response:
    """Send its photos next, then start it. With an ``Idempotency-Key`` it is made once, however often this is sent."""
    service = service_of(request)
    body = await read_json(request, JobBody)
    profiles = known_profiles(body.profiles)
    if body.webhook is not None and not service.deliverer.on:
        raise Refusal(400, "webhooks_not_allowed", "this service sends no webhooks", "start it with --webhook-secrets")
    if body.webhook is not None:
        try:
            service.deliverer.fetcher.require_address(body.webhook)
        except FetchRefused as error:
            raise Refusal(400, "invalid_webhook", f"webhook: {error}", "an http(s) address") from error

    async def work() -> tuple[int, dict[str, object]]:
        batch = await service.batches.make(
            owner_of(request), profiles, body.webhook, into_bucket=body.results == "bucket"
        )
        return 201, batch.record.row()

    fingerprint = fingerprint_of(request, body.model_dump_json().encode())
    return await service.idempotency.once(request, fingerprint, work)


@router.get("", summary="Jobs", responses=answers(example=[_ROW]))
async def jobs(request: Request) -> Response:
    """Those of the asking key, the newest first."""
    return json_answer([batch.record.row() for batch in service_of(request).batches.of(owner_of(request))])


@router.get("/{job}", summary="One job", responses=answers(example=_ROW))
async def one(request: Request, job: str) -> Response:
    """State, numbers, and whether the webhook was taken."""
    return json_answer(the_batch(request, job).record.row())


@router.post(
    "/{job}/photos",
    summary="Send a photo of a job",
    response_class=Response,
    responses=answers(example={"photo": 1, "name": "shoe.jpg"}),
    openapi_extra=photo_body(),
)
async def add(
    request: Request,
    job: str,
    name: Annotated[str, Query(max_length=_LONGEST_NAME, description="what its results are called")] = "",
) -> Response:
    """Its number counts from 1. Under an ``Idempotency-Key`` it is taken once."""
    service, batch = service_of(request), the_batch(request, job)
    with service.receiving.receive(owner_of(request)) as arrived:
        photo = the_photo(await read_upload(request, service.serving, arrived))
    if not name.isprintable():
        raise Refusal(400, "invalid_name", "the name is no plain text", "a name that can be printed")

    async def work() -> tuple[int, dict[str, object]]:
        number = await service.batches.add(batch, name, photo)
        return 200, {"photo": number, "name": batch.record.names[number - 1]}

    return await service.idempotency.once(request, fingerprint_of(request, photo), work)


@router.post("/{job}/start", summary="Start a job", responses=answers(example=_ROW))
async def start(request: Request, job: str) -> Response:
    """It runs behind every request that somebody waits for; jobs take turns, a photo each, keys first."""
    batch = the_batch(request, job)
    await service_of(request).batches.begin(batch)
    return json_answer(batch.record.row())


@router.post("/{job}/cancel", summary="Stop a job", responses=answers(example=_ROW))
async def cancel(request: Request, job: str) -> Response:
    """The photos in hand are finished; what was made stays."""
    batch = the_batch(request, job)
    await service_of(request).batches.cancel(batch)
    return json_answer(batch.record.row())


@router.delete("/{job}", summary="Delete a job", status_code=204, response_class=Response)
async def delete(request: Request, job: str) -> Response:
    """With all that was sent and made; one that runs is stopped first."""
    await service_of(request).batches.remove(the_batch(request, job))
    return Response(status_code=204)


@router.get(
    "/{job}/events",
    summary="What happens to a job, as it happens",
    response_class=StreamingResponse,
    responses={200: {"description": "server-sent events", "content": {"text/event-stream": {}}}},
)
async def events(request: Request, job: str) -> Response:
    """Server-sent events: ``job`` first, then ``photo`` for each that was tried and ``state``; ends with the job.

    ``Last-Event-ID`` goes on behind an event that is known.
    """
    service, batch = service_of(request), the_batch(request, job)
    last = request.headers.get("last-event-id", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else 0
    stream = batch.events.stream(
        batch.record.row(),
        after,
        ended=lambda: batch.record.state.ended or service.workers.draining or service.ending(),
    )
    return StreamingResponse(stream, media_type="text/event-stream")
