"""The pictures of a photo under review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.review import Review
from packshot.service.job import Answer, Job
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.service.reviewing.jobs import DoubtPlaces, MaskPicture, PhotoPicture
from packshot.service.reviewing.places import OpenReview
from packshot.service.reviewing.routes import Name, Photo, with_review
from packshot.service.service import service_of
from packshot.service.uploads import Upload
from packshot.specs import MEDIA_TYPES

__all__ = ["router"]

router = APIRouter(prefix="/v1/reviews", tags=["review"])

_KEPT = {"Cache-Control": "private, max-age=3600"}

Version = Annotated[
    str | None,
    Query(
        alias="v",
        max_length=64,
        description="anything that changes with the picture, such as `seen`: the browser keeps it for an hour",
    ),
]
Side = Annotated[int | None, Query(ge=16, le=20_000, description="longer side at most, in pixels")]


@router.get(
    "/{name}/photos/{photo}/photo", summary="The photo", response_class=Response, responses=answers("image/jpeg")
)
async def picture(request: Request, name: Name, photo: Photo, side: Side = 1600, version: Version = None) -> Response:
    """Upright, sRGB, without metadata, as JPEG; ``X-Width`` and ``X-Height`` are its own size."""
    source, opened = await with_review(request, name, lambda o, r: (o.source(r, photo), o))
    return await _made(request, PhotoPicture(opened.place, source, side), version)


@router.get("/{name}/photos/{photo}/mask", summary="Its mask", response_class=Response, responses=answers("image/png"))
async def mask(request: Request, name: Name, photo: Photo, under: bool = False, version: Version = None) -> Response:
    """8-bit grey PNG of the upright photo's size; with ``under`` the one that strokes start from."""
    source, opened = await with_review(request, name, lambda o, r: (o.source(r, photo), o))
    return await _made(request, MaskPicture(opened.place, source, under), version)


@router.get(
    "/{name}/photos/{photo}/cutout", summary="Its cut-out", response_class=Response, responses=answers("image/png")
)
async def cutout(request: Request, name: Name, photo: Photo, version: Version = None) -> Response:
    """The file that the run wrote."""
    return await _file(request, name, photo, version, lambda review, source: review.records.one(source).cutout)


@router.get(
    "/{name}/photos/{photo}/packshot",
    summary="The finished picture",
    response_class=Response,
    responses=answers("image/jpeg", "image/png", "image/webp"),
)
async def packshot(
    request: Request, name: Name, photo: Photo, profile: str | None = None, version: Version = None
) -> Response:
    """The file that the run wrote for a profile, by default for its first."""

    def file(review: Review, source: str) -> str | None:
        record = review.records.one(source)
        if profile is None:
            return record.packshot
        return record.packshots[profile].file if profile in record.packshots else None

    return await _file(request, name, photo, version, file)


@router.get(
    "/{name}/photos/{photo}/places",
    summary="Where its doubts can be seen",
    responses=answers(example={"places": [{"doubt": "pieces", "box": [410, 300, 455, 342]}]}),
)
async def places(request: Request, name: Name, photo: Photo, version: Version = None) -> Response:
    """Boxes in pixels of the upright photo; of the doubts that a mask shows by itself."""
    source, opened = await with_review(request, name, lambda o, r: (o.source(r, photo), o))

    async def job(_: Upload) -> Job:
        return DoubtPlaces(opened.place, source)

    answer = await service_of(request).perform(request, job, body=False)
    return json_answer(dict(answer.data or {}))


async def _made(request: Request, job: Job, version: str | None) -> Response:
    async def as_it_is(_: Upload) -> Job:
        return job

    answer: Answer = await service_of(request).perform(request, as_it_is, body=False)
    headers = {**answer.headers, **(_KEPT if version else {})}
    return Response(answer.content, media_type=answer.media_type, headers=headers)


async def _file(
    request: Request, name: str, photo: str, version: str | None, which: Callable[[Review, str], str | None]
) -> Response:
    def read(opened: OpenReview, review: Review) -> Path | None:
        found = which(review, opened.source(review, photo))
        return None if found is None else review.out / found

    path = await with_review(request, name, read)
    media = None if path is None else MEDIA_TYPES.get(path.suffix.lower())
    if path is None or media is None:
        raise Refusal(404, "no_picture", "the run made no such picture", "see what the photo's row has")
    try:
        content = await anyio.to_thread.run_sync(path.read_bytes)
    except OSError as error:
        raise Refusal(404, "no_picture", "the picture is not there any more", "repeat `packshot run`") from error
    return Response(content, media_type=media, headers=_KEPT if version else {})
