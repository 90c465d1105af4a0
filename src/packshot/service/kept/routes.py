"""Addresses of kept photos: what the page calls, and anybody who corrects masks from elsewhere."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from packshot.cutout import Stroke
from packshot.service.asking_key import owner_of
from packshot.service.job import Answer, Job
from packshot.service.json_answer import json_answer
from packshot.service.kept.composing import PackshotJob
from packshot.service.kept.drawing import CutoutOfMaskJob, StrokesJob, ViewJob
from packshot.service.kept.files import MASK_KEY
from packshot.service.kept.opening import OpenJob, SubjectJob
from packshot.service.kept.photos import KeptPhoto
from packshot.service.openapi import form_body, photo_body, pictures
from packshot.service.profile_names import known_profile
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.transparent import Transparent
from packshot.service.uploads import Upload
from packshot.settings import Subject

__all__ = ["kept_photo", "perform_on_kept", "router"]

router = APIRouter(prefix="/v1/photos", tags=["kept photos"])

_MOST_STROKES = 1000
_MOST_STROKE_BYTES = 4_000_000
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_BACKGROUNDS = ("transparent", "picture")
_BACKDROP = form_body(files=("backdrop",), texts={})
_BACKDROP["requestBody"]["required"] = False
_OPENED = {
    "id": "yZ-1LCwiS4KMK9umGXzhewqhGcRKhtdS",
    "kept_s": 1800.0,
    "width": 400,
    "height": 300,
    "mask": "929260ad9b9ea9fe0f3553dd964f4ff3",
    "subject": "auto",
    "doubts": ["outline"],
    "doubt_words": ["Check the outline: the cut-out is uncertain"],
    "listing": {"path": [{"id": "shoes", "name": "Shoes", "score": 0.96}], "sure": True, "title": "Shoes, black"},
}
_PICTURE = {
    "profile": "amazon",
    "status": "ok",
    "width": 2000,
    "height": 2000,
    "media_type": "image/jpeg",
    "rules": [{"id": "zoom", "ok": True, "severity": "should", "fix": None}],
}

MaskName = Annotated[str, Query(pattern=f"^{MASK_KEY}$", description="names one of the photo's masks")]
Side = Annotated[int | None, Query(ge=16, le=16_000, description="longest side in pixels; never enlarged")]
Background = Annotated[
    str | None, Query(max_length=16, description="#rrggbb, transparent or picture; the profile's own by default")
]


class Drawn(BaseModel):
    """All strokes on a photo, each drawn on what the ones before it gave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject = Subject.AUTO
    strokes: tuple[Stroke, ...] = Field(default=(), max_length=_MOST_STROKES)


@router.post(
    "",
    summary="Open a photo to work on",
    response_class=Response,
    responses=pictures(example=_OPENED),
    openapi_extra=photo_body(),
)
async def open_photo(request: Request, subject: Subject = Subject.AUTO) -> Response:
    """Cut the product out, propose its listing, and keep the photo for a while under the ``id`` of the answer."""
    service = service_of(request)
    kept = service.kept.add(owner_of(request))

    async def job(upload: Upload) -> Job:
        if set(upload.files) != {"file"} or upload.fields:
            raise Refusal(
                400, "missing_file", "expected one photo, as the file `file`", "send it as a form or as the body"
            )
        return OpenJob(upload.files["file"], kept.folder, subject)

    try:
        answer = await service.perform(request, job)
    except BaseException:
        service.kept.remove(kept)
        raise
    service.kept.weigh(kept)
    return _json(answer, {"id": kept.id, "kept_s": service.kept.seconds})


@router.delete("/{photo}", summary="Remove a photo and all that was made of it", status_code=204)
async def remove(request: Request, photo: str) -> Response:
    """It goes at once."""
    service_of(request).kept.remove(kept_photo(request, photo))
    return Response(status_code=204)


@router.post(
    "/{photo}/subject",
    summary="Cut something else out",
    response_class=Response,
    responses=pictures(example=_OPENED),
)
async def choose_subject(request: Request, photo: str, subject: Subject) -> Response:
    """As the answer to an opened photo."""
    kept = kept_photo(request, photo)
    return _json(await perform_on_kept(request, SubjectJob(kept.folder, subject), kept), {"id": kept.id})


@router.post(
    "/{photo}/strokes",
    summary="Correct the mask",
    response_class=Response,
    responses=pictures("image/png"),
    openapi_extra=form_body(files=("strokes",), texts={}),
)
async def strokes(request: Request, photo: str) -> Response:
    """The mask after all strokes, an 8-bit grey PNG of the photo's size; ``X-Mask`` names it.

    The file `strokes` of a form is JSON: ``subject``, and ``strokes`` as `packshot cutout --strokes` takes them, all of
    them each time. What was drawn before is not drawn anew.
    """
    kept = kept_photo(request, photo)

    async def job(upload: Upload) -> Job:
        drawn = _drawn(upload.files.get("strokes", b""))
        return StrokesJob(kept.folder, drawn.subject, drawn.strokes)

    service = service_of(request)
    answer = await service.perform(request, job)
    service.kept.weigh(kept)
    return _picture(answer)


@router.get("/{photo}/view", summary="The upright photo", response_class=Response, responses=pictures("image/jpeg"))
async def view(request: Request, photo: str, side: Side = None) -> Response:
    """For a screen: a JPEG whose longer side is at most `side`."""
    kept = kept_photo(request, photo)
    return _picture(await perform_on_kept(request, ViewJob(kept.folder, side)))


@router.get("/{photo}/cutout", summary="The product", response_class=Response, responses=pictures("image/png"))
async def cutout(
    request: Request,
    photo: str,
    mask: MaskName,
    *,
    side: Side = None,
    format: Transparent = Transparent.PNG,  # noqa: A002 - its name in the address
) -> Response:
    """A transparent picture of the photo's size, by one of its masks; reduced with `side`."""
    kept = kept_photo(request, photo)
    return _picture(await perform_on_kept(request, CutoutOfMaskJob(kept.folder, mask, format.upper(), side)))


@router.post(
    "/{photo}/packshot",
    summary="A picture for a marketplace",
    response_class=Response,
    responses=pictures(example=_PICTURE),
    openapi_extra=_BACKDROP,
)
async def packshot(
    request: Request,
    photo: str,
    mask: MaskName,
    *,
    profile: str = "plain",
    background: Background = None,
    enlarge: bool = False,
) -> Response:
    """JSON with the picture as base64, each rule, and what would keep one that is broken (``fix``).

    With ``background=picture`` the body is a form with the file `backdrop`; else there is none.
    """
    kept, name = kept_photo(request, photo), known_profile(profile)
    if background is not None and background not in _BACKGROUNDS and not _COLOUR.fullmatch(background):
        raise Refusal(400, "invalid_parameter", "background: expected #rrggbb, transparent or picture", "correct it")

    async def job(upload: Upload) -> Job:
        backdrop = upload.files.get("backdrop")
        if (backdrop is not None) != (background == "picture"):
            raise Refusal(
                400, "missing_file", "a picture for the background and background=picture go together", "send both"
            )
        return PackshotJob(kept.folder, mask, name, background, backdrop, enlarge)

    return _json(await service_of(request).perform(request, job, body=background == "picture"), {})


def kept_photo(request: Request, photo: str) -> KeptPhoto:
    """The photo that a request names.

    Raises:
        Refusal: 404, it is not kept, or another key sent it.
    """
    return service_of(request).kept.find(photo, owner_of(request))


async def perform_on_kept(request: Request, job: Job, changed: KeptPhoto | None = None) -> Answer:
    """Do a job that needs no body.

    Args:
        request: that asks for it.
        job: what is done.
        changed: whose files it adds to; None where it only reads.
    """

    async def make(_: Upload) -> Job:
        return job

    service = service_of(request)
    answer = await service.perform(request, make, body=False)
    if changed is not None:
        service.kept.weigh(changed)
    return answer


def _drawn(body: bytes) -> Drawn:
    if len(body) > _MOST_STROKE_BYTES:
        raise Refusal(413, "too_many_strokes", f"the strokes have more than {_MOST_STROKE_BYTES} bytes", "draw fewer")
    try:
        return Drawn.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "body"
        raise Refusal(422, "invalid_strokes", f"{place}: {first['msg']}", "see /openapi.json") from error


def _json(answer: Answer, more: dict[str, object]) -> Response:
    return json_answer({**more, **(answer.data or {})}, headers=dict(answer.headers))


def _picture(answer: Answer) -> Response:
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))
