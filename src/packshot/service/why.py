"""Why a photo is called what it is called and which evidence speaks against its cut-out, for a page's press on Why."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.explaining import WhyAsked
from packshot.photo import encode
from packshot.service.job import Answer, Job
from packshot.service.json_answer import json_answer
from packshot.service.kept.files import MASK_KEY, KeptFiles
from packshot.service.kept.routes import kept_photo, perform_on_kept
from packshot.service.openapi import answers
from packshot.service.reviewing.places import Place
from packshot.service.reviewing.routes import Name, Photo, with_review
from packshot.service.service import service_of
from packshot.service.tools import Tools
from packshot.service.uploads import Upload
from packshot.values import Alpha
from packshot.values import Photo as Picture

__all__ = ["KeptWhyJob", "ReviewWhyJob", "router"]

router = APIRouter(prefix="/v1")

_QUALITY = 85
_ANSWER = {
    "said": {"head": "category", "name": "Jacket", "score": 0.97, "method": "cam", "warning": ""},
    "reasons": [
        {
            "figure": "cut_off",
            "value": 0.278,
            "limit": 0.05,
            "log_odds": 0.0,
            "decisive": True,
            "words": "product at the photo's edge: 0.278, above its limit of 0.05",
            "boxes": [[0, 40, 12, 310]],
        }
    ],
    "nearest": None,
    "pictures": {"said": "data:image/jpeg;base64,/9j/", "review": "data:image/jpeg;base64,/9j/"},
}


@dataclass(frozen=True, slots=True)
class KeptWhyJob:
    """Of a kept photo and one of its masks.

    Attributes:
        folder: of the kept photo.
        mask: names the mask.
    """

    folder: Path
    mask: str

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        files = KeptFiles(self.folder)
        return _asked(tools, files.photo(), files.mask(self.mask).alpha)


@dataclass(frozen=True, slots=True)
class ReviewWhyJob:
    """Of a photo under review and the mask that is shown.

    Attributes:
        place: of the review.
        source: the photo.
    """

    place: Place
    source: str

    def do(self, tools: Tools) -> Answer:
        """See `packshot.service.job.Job.do`."""
        review = tools.keep(("review", self.place.out), self.place.open)
        review.refresh()
        with tools.at("decode"):
            photo, alpha = review.photo(self.source), review.mask(self.source)
        return _asked(tools, photo, alpha)


@router.get("/photos/{photo}/why", summary="Why", tags=["kept photos"], responses=answers(example=_ANSWER))
async def why_kept(
    request: Request, photo: str, mask: Annotated[str, Query(pattern=f"^{MASK_KEY}$", description="names a mask")]
) -> Response:
    """What spoke for what the photo is called, and what speaks against this mask, with the places marked.

    Boxes are in pixels of the photo; pictures are data URIs.
    """
    kept = kept_photo(request, photo)
    return json_answer(dict((await perform_on_kept(request, KeptWhyJob(kept.folder, mask))).data or {}))


@router.get("/reviews/{name}/photos/{photo}/why", summary="Why", tags=["review"], responses=answers(example=_ANSWER))
async def why_reviewed(request: Request, name: Name, photo: Photo) -> Response:
    """What spoke for what the photo is called, and what speaks against the mask that is shown; see the kept photos'."""
    source, opened = await with_review(request, name, lambda o, r: (o.source(r, photo), o))

    async def job(_: Upload) -> Job:
        return ReviewWhyJob(opened.place, source)

    answer = await service_of(request).perform(request, job, body=False)
    return json_answer(dict(answer.data or {}))


def _asked(tools: Tools, photo: Picture, alpha: Alpha | None) -> Answer:
    own = tools.settings.model_copy(update={"taxonomy": None, "mapping": None})
    ask = tools.keep(("why",), lambda: WhyAsked(own))
    with tools.at("explain"):
        why = ask(photo, alpha)
    with tools.at("encode"):
        pictures = {
            kind: "data:image/jpeg;base64,"
            + base64.b64encode(encode(rgb, format="JPEG", quality=_QUALITY).data).decode()
            for kind, rgb in why.pictures(photo.rgb).items()
        }
    return Answer(data={**why.row(), "pictures": pictures})
