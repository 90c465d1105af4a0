"""``POST /v1.0/removebg`` and ``GET /v1.0/account``."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.asking_key import asking_key
from packshot.service.json_answer import json_answer
from packshot.service.openapi import form_body, pictures
from packshot.service.refusal import Refusal
from packshot.service.removebg.job import RemoveBgJob
from packshot.service.removebg.options import read_options
from packshot.service.service import service_of
from packshot.service.uploads import Upload, too_large

__all__ = ["router"]

router = APIRouter(prefix="/v1.0", tags=["remove.bg"])

_UNLIMITED = 1_000_000  # calls that a key without a limit has: its clients want a number
_SOURCES = ("image_file", "image_file_b64", "image_url")
_BACKGROUNDS = ("bg_color", "bg_image_url", "bg_image_file")
_TEXTS = {
    "image_file_b64": "",
    "image_url": "https://example.com/shoe.jpg",
    "size": "auto",
    "type": "product",
    "type_level": "1",
    "format": "png",
    "roi": "0% 0% 100% 100%",
    "crop": "true",
    "crop_margin": "10%",
    "scale": "80%",
    "position": "center",
    "channels": "rgba",
    "add_shadow": "false",
    "semitransparency": "true",
    "bg_color": "81d4fa",
    "bg_image_url": "",
}


@router.post(
    "/removebg",
    summary="Remove the background, as remove.bg's clients ask for it",
    response_class=Response,
    responses=pictures("image/png", "image/jpeg", "image/webp", "application/zip"),
    openapi_extra=form_body(files=("image_file", "bg_image_file"), texts=_TEXTS),
)
async def removebg(request: Request) -> Response:
    """Takes multipart, urlencoded or JSON; gives the picture, or JSON with it where ``Accept`` says so."""
    service = service_of(request)

    async def make(upload: Upload) -> RemoveBgJob:
        fields, files = upload.fields, upload.files
        options = read_options(fields)
        _require_one(upload)
        backdrop = None
        if fields.get("bg_image_url"):
            backdrop = await service.fetch(request, fields["bg_image_url"], code="failed_bg_download")
        return RemoveBgJob(
            photo=await _photo(request, upload),
            options=options,
            model=service.model(None),
            backdrop=files.get("bg_image_file") or backdrop,
            as_json="application/json" in request.headers.get("accept", ""),
        )

    answer = await service.perform(request, make)
    if answer.data is not None:
        return json_answer(answer.data, headers=dict(answer.headers))
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))


@router.get("/account", summary="What the key may still do, as remove.bg's clients ask for it")
async def account(request: Request) -> dict[str, object]:
    """Nothing is charged: credits are 0, `free_calls` is what the key may do at once."""
    service, key = service_of(request), asking_key(request)
    free = _UNLIMITED
    if key is not None and key.per_minute is not None:
        free = service.rates.peek(key.name, key.per_minute).remaining
    charged = dict.fromkeys(("total", "subscription", "payg", "enterprise"), 0)
    return {"data": {"attributes": {"credits": charged, "api": {"free_calls": free, "sizes": "all"}}}}


def _require_one(upload: Upload) -> None:
    """One photo, and at most one background."""
    given = [name for name in _SOURCES if upload.fields.get(name) or name in upload.files]
    if not given:
        raise Refusal(400, "missing_source", "no image given", f"send one of {', '.join(_SOURCES)}")
    if len(given) > 1:
        raise Refusal(400, "multiple_sources", "multiple image sources given", f"send one of {', '.join(_SOURCES)}")
    if sum(bool(upload.fields.get(name)) or name in upload.files for name in _BACKGROUNDS) > 1:
        raise Refusal(400, "multiple_bg_sources", "multiple backgrounds given", "send one of them")


async def _photo(request: Request, upload: Upload) -> bytes:
    service = service_of(request)
    if "image_file" in upload.files:
        return upload.files["image_file"]
    if "image_file" in upload.fields or "image_file_b64" in upload.files:
        raise Refusal(400, "invalid_image_file", "the image was sent as the wrong kind of field", "send it as a file")
    if upload.fields.get("image_url"):
        return await service.fetch(request, upload.fields["image_url"], code="failed_image_download")
    text = upload.fields["image_file_b64"]
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(400, "failed_to_read_image", "image_file_b64 is not base64", "encode the file anew") from error
    if len(data) > service.serving.max_upload_bytes:
        raise too_large(service.serving)
    return data
