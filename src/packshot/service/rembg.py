"""rembg's ``/api/remove``, by GET with an address and by POST with a file.

Source: rembg's server (`rembg s`), as of 2.0; what packshot does differently is said in docs/how-to/serving.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.cutout import cut_out
from packshot.photo import encode, grey_of
from packshot.service.colours import Colour, laid_on
from packshot.service.job import Answer
from packshot.service.openapi import form_body, pictures
from packshot.service.refusal import Refusal
from packshot.service.service import Service, service_of
from packshot.service.tools import Tools
from packshot.service.uploads import Upload
from packshot.settings import Matte

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["rembg"])

_TRUE, _FALSE = {"true", "1", "on", "yes"}, {"", "false", "0", "off", "no"}
_TEXTS = {"model": "cutout", "a": "false", "om": "false", "ppm": "false", "bgc": "255,255,255,255"}
_THRESHOLDS = ("af", "ab", "ae")


@dataclass(frozen=True, slots=True)
class RembgJob:
    """One request of ``/api/remove``.

    Attributes:
        photo: the file.
        model: the network.
        matting: whether edges are fitted once more.
        only_mask: whether the mask is wanted.
        colour: background; None is transparent.
    """

    photo: bytes
    model: str
    matting: bool = False
    only_mask: bool = False
    colour: Colour | None = None

    def do(self, tools: Tools) -> Answer:
        """Cut out and encode as PNG; see `packshot.service.job.Job.do`."""
        photo = tools.decode(self.photo)
        mask = tools.segment(photo, model=self.model, matte=Matte.FINE if self.matting else Matte.FAST)
        with tools.at("compose"):
            if self.only_mask:
                pixels = grey_of(mask.alpha)
            else:
                pixels = cut_out(photo, mask).rgba
                if self.colour is not None:
                    pixels = laid_on(pixels, self.colour)
        with tools.at("encode"):
            content = encode(np.ascontiguousarray(pixels), format="PNG").data
        return Answer(content, "image/png", {"X-Uncertainty": f"{mask.uncertainty:.4f}"})


@router.get("/remove", summary="rembg: by address", response_class=Response, responses=pictures("image/png"))
async def remove_by_address(request: Request, url: str = "") -> Response:
    """Fetches a photo, where the service is allowed to, and removes its background."""
    service = service_of(request)

    async def make(_: Upload) -> RembgJob:
        if not url:
            raise Refusal(422, "missing_url", "url is missing", "name the photo's address")
        job = _job(b"", request.query_params, service)
        photo = await service.fetch(request, url, code="failed_image_download")
        return RembgJob(photo, job.model, job.matting, job.only_mask, job.colour)

    answer = await service.perform(request, make, body=False)
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))


@router.post(
    "/remove",
    summary="rembg: by file",
    response_class=Response,
    responses=pictures("image/png"),
    openapi_extra=form_body(files=("file",), texts=_TEXTS),
)
async def remove(request: Request) -> Response:
    """Removes the background of the file ``file``; parameters stand in the form or in the query."""
    service = service_of(request)

    async def make(upload: Upload) -> RembgJob:
        if "file" not in upload.files:
            raise Refusal(422, "missing_file", "file is missing", "send it as multipart/form-data")
        return _job(upload.files["file"], {**request.query_params, **upload.fields}, service)

    answer = await service.perform(request, make)
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))


def _job(photo: bytes, fields: Mapping[str, str], service: Service) -> RembgJob:
    for name in _THRESHOLDS:
        value = fields.get(name, "")
        if value and not (value.isascii() and value.isdigit() and int(value[:9]) <= 255):
            raise Refusal(422, "invalid_parameter", f"{name}: expected 0..255")
    _require_no_extras(fields.get("extras", ""))
    _flag(fields, "ppm")  # packshot cleans every mask
    return RembgJob(
        photo, service.model(fields.get("model")), _flag(fields, "a"), _flag(fields, "om"), _colour(fields.get("bgc"))
    )


def _flag(fields: Mapping[str, str], name: str) -> bool:
    value = fields.get(name, "").lower()
    if value not in _TRUE | _FALSE:
        raise Refusal(422, "invalid_parameter", f"{name}: expected true or false")
    return value in _TRUE


def _colour(text: str | None) -> Colour | None:
    if not text:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and int(part[:9]) <= 255 for part in parts):
        raise Refusal(422, "invalid_parameter", "bgc: expected red,green,blue,opacity, each 0..255")
    red, green, blue, opacity = map(int, parts)
    return red, green, blue, opacity


def _require_no_extras(text: str) -> None:
    """Rembg passes these on to its networks, paths of files among them; there is nothing here to pass them to."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError) as error:
        raise Refusal(422, "invalid_parameter", "extras: expected JSON") from error
    if found != {}:
        raise Refusal(422, "invalid_parameter", "extras: this service takes none", "leave it out")
