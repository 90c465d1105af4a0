"""What came of a job's photos."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from packshot.service.batches.results import file_of, photo_rows, zipped
from packshot.service.batches.routes import the_batch
from packshot.service.json_answer import json_answer
from packshot.service.openapi import answers
from packshot.service.refusal import Refusal
from packshot.specs import MEDIA_TYPES

__all__ = ["router"]

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


class Kind(StrEnum):
    """Pictures that a job makes of each photo."""

    PACKSHOT = "packshot"
    CUTOUT = "cutout"
    MASK = "mask"


@router.get(
    "/{job}/photos",
    summary="What came of each photo",
    responses=answers(example={"photos": [{"photo": 1, "source": "shoe.jpg", "status": "ok"}], "next": None}),
)
async def photos(
    request: Request,
    job: str,
    after: Annotated[int, Query(ge=0, description="number of the last photo of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Response:
    """As the manifest of `packshot run`, under the names that were sent; also while the job runs."""
    batch = the_batch(request, job)

    def page() -> list[dict[str, object]]:
        return [row for _, _, row in photo_rows(batch, after=after, count=limit + 1)]

    rows = await anyio.to_thread.run_sync(page)
    more = rows[limit - 1]["photo"] if len(rows) > limit else None
    return json_answer({"photos": rows[:limit], "next": more})


@router.get(
    "/{job}/photos/{photo}/{kind}",
    summary="A picture",
    response_class=Response,
    responses=answers("image/png", "image/jpeg", "image/webp"),
)
async def picture(
    request: Request,
    job: str,
    photo: Annotated[int, Path(ge=1, le=1_000_000)],
    kind: Kind,
    profile: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The packshot for a profile (by default the first), the cut-out, or the mask."""
    batch = the_batch(request, job)
    path = await anyio.to_thread.run_sync(file_of, batch, photo, kind.value, profile)
    try:
        content = b"" if path is None else await anyio.to_thread.run_sync(path.read_bytes)
    except OSError:
        content = b""
    if path is None or not content:
        raise Refusal(404, "no_picture", "there is no such picture", "see the job's photos")
    return Response(content, media_type=MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream"))


@router.get(
    "/{job}/result.zip",
    summary="All pictures",
    response_class=StreamingResponse,
    responses=answers("application/zip"),
)
async def result(request: Request, job: str, cutouts: bool = False) -> Response:
    """``packshots/PROFILE/`` and ``manifest.jsonl``; with ``cutouts`` these and masks too. 409 until it has ended."""
    batch = the_batch(request, job)
    if not batch.record.state.ended:
        raise Refusal(409, "job_runs", f"the job is {batch.record.state}", "wait for its end, or cancel it")
    headers = {"Content-Disposition": f'attachment; filename="{batch.record.id}.zip"'}
    return StreamingResponse(zipped(batch, cutouts=cutouts), media_type="application/zip", headers=headers)
