"""``POST /v1/strokes``: a mask corrected by hand, for a photo that is sent along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.cutout import Strokes, correct_mask, cut_out, mask_in
from packshot.errors import UsageError
from packshot.photo import encode, grey_of
from packshot.service.job import Answer, Job, JobRefused
from packshot.service.openapi import form_body, pictures
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.tools import Tools
from packshot.service.uploads import Upload
from packshot.values import Mask, Photo

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["packshot"])

_EXAMPLE = (
    '{"version": 1, "photo": {"width": 1200, "height": 900},'
    ' "strokes": [{"kind": "keep", "radius": 12, "points": [[410, 300]]}]}'
)


@dataclass(frozen=True, slots=True)
class StrokesOnPhoto:
    """The mask that strokes make.

    Attributes:
        photo: the file.
        strokes: in pixels of the upright photo.
        model: the network that finds the mask they start from, where none is given.
        mask: a grey picture of the photo's size to start from, or a cut-out.
        cutout: whether the cut-out is wanted in place of the mask.
    """

    photo: bytes
    strokes: Strokes
    model: str
    mask: bytes | None = None
    cutout: bool = False

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        photo = tools.decode(self.photo)
        first = self._given(tools, photo)
        if first is None and self.strokes.box is None:
            first = tools.segment(photo, model=self.model)
        with tools.at("strokes"):
            found = correct_mask(photo, self.strokes, lambda _: first, name="the strokes")
        with tools.at("compose"):
            pixels = cut_out(photo, found).rgba if self.cutout else grey_of(found.alpha)
        with tools.at("encode"):
            content = encode(pixels, format="PNG").data
        return Answer(content, "image/png", {"X-Uncertainty": f"{found.uncertainty:.4f}"})

    def _given(self, tools: Tools, photo: Photo) -> Mask | None:
        if self.mask is None:
            return None
        try:
            return mask_in(tools.decode(self.mask, "the mask"), photo, name="the mask")
        except UsageError as error:
            raise JobRefused("invalid_mask", str(error)) from error


@router.post(
    "/strokes",
    summary="Correct a mask by strokes",
    response_class=Response,
    responses=pictures("image/png"),
    openapi_extra=form_body(files=("file", "mask"), texts={"strokes": _EXAMPLE}, plain=False),
)
async def strokes(
    request: Request,
    *,
    model: Annotated[str | None, Query(description="a name of /v1/models")] = None,
    cutout: bool = False,
) -> Response:
    """The mask (8-bit grey PNG of the upright photo's size) that keep and erase strokes make.

    A form: the photo ``file``, the text ``strokes``, and the ``mask`` to start from; without one it is found again.
    Every request holds all strokes, so undo is to send fewer.
    """
    named = service_of(request).model(model)

    async def job(upload: Upload) -> Job:
        if "file" not in upload.files or set(upload.files) - {"file", "mask"} or set(upload.fields) != {"strokes"}:
            raise Refusal(
                400,
                "missing_file",
                "expected the files file and (or not) mask, and the text strokes",
                "see /openapi.json",
            )
        drawn = Strokes.from_json(upload.fields["strokes"])
        return StrokesOnPhoto(upload.files["file"], drawn, named, upload.files.get("mask"), cutout)

    answer = await service_of(request).perform(request, job)
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))
