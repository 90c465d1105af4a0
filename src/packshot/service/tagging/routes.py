"""A picture of a web page with a tag: fetched by the service, through its guard, and kept.

Another site's page can neither call this nor read from it: the bookmark opens a page of this service, and that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from packshot.review.tagged import Tagged, TaggedPhotos
from packshot.service.job import Answer, Job
from packshot.service.json_answer import json_answer
from packshot.service.json_body import described_body, read_json
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.tools import Tools
from packshot.service.uploads import Upload
from packshot.service.who import asking

__all__ = ["router"]

router = APIRouter(prefix="/v1/tagged", tags=["review"])

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_Address = Annotated[str, StringConstraints(max_length=2000, pattern=_PRINTABLE)]


class TagBody(BaseModel):
    """A picture of a page, and what it shows."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    url: Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://")] = Field(
        description="of the picture; it is fetched as `--fetch-urls` allows"
    )
    tag: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=_PRINTABLE)]
    page: _Address = Field(default="", description="that showed it")


@dataclass(frozen=True, slots=True)
class _Decoded:
    """Whether a file is a photo, and of which format."""

    content: bytes

    def do(self, tools: Tools) -> Answer:
        photo = tools.decode(self.content)
        return Answer(data={"format": photo.format, "width": photo.width, "height": photo.height})


_EXAMPLE = {"number": 1, "tag": "sneaker", "photo": "photos/3f1c9a0be2d47a55.jpg", "by": "anna"}


@router.get("", summary="Tags, and how often each was given")
async def tags(request: Request) -> Response:
    """The most frequent first."""
    kept = _kept(request)
    found = await anyio.to_thread.run_sync(kept.tags)
    return json_answer([{"tag": tag, "photos": photos} for tag, photos in found])


@router.post(
    "",
    summary="Keep a picture of a web page with a tag",
    responses=answers(example=_EXAMPLE),
    openapi_extra=described_body(TagBody, {"url": "https://shop.example/shoe.jpg", "tag": "sneaker"}),
)
async def add(request: Request) -> Response:
    """The service fetches it, through its guard; what is no photo is refused."""
    kept, by, service = _kept(request), asking(request), service_of(request)
    body = await read_json(request, TagBody)
    content = await service.fetch(request, body.url, code="failed_image_download")

    async def job(_: Upload) -> Job:
        return _Decoded(content)

    decoded = await service.perform(request, job, body=False)
    form = str((decoded.data or {})["format"])

    def write() -> Tagged:
        return kept.add(content, format=form, url=body.url, page=body.page, tag=body.tag, by=by)

    return json_answer(_row(await anyio.to_thread.run_sync(write)))


@router.post("/undo", summary="Take back the last tag you gave", responses=answers(example=_EXAMPLE))
async def undo(request: Request) -> Response:
    """It leaves the table; the log keeps it."""
    kept, by = _kept(request), asking(request)
    return json_answer(_row(await anyio.to_thread.run_sync(lambda: kept.undo(by=by))))


@router.get("/labels.csv", summary="The table to train on", response_class=Response, responses=answers("text/csv"))
async def table(request: Request) -> Response:
    """As `packshot train` takes it, with paths from the folder."""
    kept = _kept(request)
    text = await anyio.to_thread.run_sync(lambda: kept.table.read_text() if kept.table.is_file() else "")
    return Response(text, media_type="text/csv; charset=utf-8")


def _kept(request: Request) -> TaggedPhotos:
    folder = service_of(request).serving.tagged
    if folder is None:
        raise Refusal(
            404, "nothing_is_tagged", "this service keeps no tagged pictures", "start it with --tagged FOLDER"
        )
    return TaggedPhotos(folder)


def _row(line: Tagged) -> dict[str, object]:
    return line.model_dump(mode="json", exclude_none=True)
