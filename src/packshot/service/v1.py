"""packshot's own addresses, ``/v1``: what the commands of the same names do, for one photo each."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.errors import ModelError
from packshot.marketplace import load_profile, profile_names
from packshot.runtime import card_of
from packshot.runtime.store import available
from packshot.service.categories import matching, shop_tree
from packshot.service.job import Answer
from packshot.service.json_answer import json_answer
from packshot.service.openapi import photo_body, pictures
from packshot.service.photo_request import perform_on_photo
from packshot.service.profile_names import known_profile, known_profiles
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.transparent import Transparent
from packshot.service.v1_jobs import CheckJob, ClassifyJob, CutoutJob, FrameJob, ProcessJob
from packshot.settings import Matte, Several, Subject

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["packshot"])

_MAX_PROFILES = 16

Profiles = Annotated[str, Query(description="marketplace profile; several with commas", examples=["amazon"])]
Profile = Annotated[str, Query(description="marketplace profile", examples=["amazon"])]
Model = Annotated[str | None, Query(description="a name of /v1/models", examples=["cutout"])]
Head = Annotated[str | None, Query(description="the question", max_length=64, examples=["category"])]
Own = Annotated[bool, Query(description="whether a classifier of your own answers its question")]
Day = Annotated[date | None, Query(description="the day whose rules hold; today by default", examples=["2027-01-31"])]


@router.post(
    "/cutout",
    summary="Cut the product out",
    response_class=Response,
    responses=pictures("image/png", "image/webp"),
    openapi_extra=photo_body(),
)
async def cutout(
    request: Request,
    *,
    model: Model = None,
    mask: bool = False,
    subject: Subject = Subject.AUTO,
    several: Several = Several.ALL,
    matte: Matte = Matte.FAST,
    format: Transparent = Transparent.PNG,  # noqa: A002 - its name in the address
) -> Response:
    """A transparent picture of the photo's size, or its mask; ``X-Uncertainty`` is 0 (sure) to 1 (hopeless)."""
    named = service_of(request).model(model)
    if matte is Matte.CLOSED_FORM:
        raise Refusal(400, "invalid_parameter", "matte: closed-form takes too long for a service", "choose fine")
    return _picture(
        await perform_on_photo(
            request,
            lambda photo: CutoutJob(
                photo, named, mask=mask, subject=subject, several=several, matte=matte, format=format.upper()
            ),
        )
    )


@router.post(
    "/process",
    summary="Make a packshot for a marketplace",
    response_class=Response,
    responses=pictures(
        "image/jpeg",
        "image/png",
        "image/webp",
        example={
            "status": "ok",
            "review": [],
            "uncertainty": 0.012,
            "packshots": {"amazon": {"status": "ok", "rules": [], "width": 2000, "height": 2000}},
        },
    ),
    openapi_extra=photo_body(),
)
async def process(request: Request, profile: Profiles = "plain", include_pictures: bool = False) -> Response:
    """All stages. The picture of the first profile, or JSON about all of them where ``Accept`` asks for it.

    A classifier of your own (``packshot serve --model FILE.onnx``) stands there as ``answer``.
    """
    names = known_profiles(profile.split(",", _MAX_PROFILES))
    wants_json = "application/json" in request.headers.get("accept", "")
    own = service_of(request).serving.classifier if wants_json else None
    answer = await perform_on_photo(request, lambda photo: ProcessJob(photo, names, include_pictures, own))
    return _json(answer) if wants_json or not answer.content else _picture(answer)


@router.post(
    "/frame",
    summary="Find a frame around a photo, and cut it off",
    response_class=Response,
    responses=pictures(
        "image/png", example={"framed": True, "score": 0.98, "inner_box": [12, 12, 788, 788], "removable": True}
    ),
    openapi_extra=photo_body(),
)
async def frame(request: Request, crop: bool = False) -> Response:
    """What frame detection says; with ``crop`` the picture, without its frame where that is sure."""
    answer = await perform_on_photo(request, lambda photo: FrameJob(photo, crop))
    return _picture(answer) if crop else _json(answer)


@router.post(
    "/check",
    summary="Measure a finished picture against a marketplace's rules",
    response_class=Response,
    responses=pictures(example={"profile": "amazon", "on": "2026-11-29", "ok": True, "rules": [], "upcoming": []}),
    openapi_extra=photo_body(),
)
async def check(request: Request, profile: Profile, on: Day = None) -> Response:
    """Each rule with what was measured; those that hold later than ``on`` stand apart."""
    name, day = known_profile(profile), on or date.today()  # a marketplace's day, wherever it is read
    return _json(await perform_on_photo(request, lambda photo: CheckJob(photo, name, day)))


@router.post(
    "/classify",
    summary="Say what is in a photo",
    response_class=Response,
    responses=pictures(
        example={"head": "category", "path": [{"id": "shoes", "name": "Shoes", "score": 0.97}], "sure": True}
    ),
    openapi_extra=photo_body(),
)
async def classify(request: Request, head: Head = None, own: Own = True) -> Response:
    """The category as deep as is sure enough, with attributes and boxes.

    A classifier of your own (``packshot serve --model FILE.onnx``) answers its question, which is the one that is asked
    where ``head`` names none.
    """
    classifier = service_of(request).serving.classifier if own else None
    return _json(await perform_on_photo(request, lambda photo: ClassifyJob(photo, head, classifier)))


@router.get("/profiles", summary="Marketplace profiles")
async def profiles() -> list[dict[str, object]]:
    """Names and titles."""
    return [{"name": each.name, "title": each.title} for each in map(load_profile, profile_names())]


@router.get("/profiles/{name}", summary="A profile's composition and rules")
async def one_profile(name: str) -> dict[str, object]:
    """Everything that ``packshot profiles NAME --json`` says."""
    found: dict[str, object] = load_profile(known_profile(name, status=404)).model_dump(mode="json")
    return found


@router.get("/categories", summary="Categories of the shop's tree")
async def categories(
    request: Request,
    text: Annotated[str, Query(max_length=100, description="words of the name; all by default")] = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[dict[str, str]]:
    """Each with its id and its whole name, ``Apparel > Shoes``."""
    return matching(shop_tree(service_of(request).settings), text, most)


@router.get("/models", summary="Networks that a request may name")
async def models(request: Request) -> list[dict[str, object]]:
    """Their cards; paths of files stay out."""
    service = service_of(request)
    paths, rows = available(service.settings), []
    for name in service.serving.models:
        row: dict[str, object] = {"name": name, "default": name == service.serving.models[0]}
        if name in paths:
            try:
                card = card_of(paths[name])
            except ModelError as error:
                row["error"] = error.code
            else:
                keys = {"task", "version", "licence", "commercial_use", "sha256", "metrics"}
                row |= card.model_dump(mode="json", include=keys)
        rows.append(row)
    return rows


def _picture(answer: Answer) -> Response:
    return Response(answer.content, media_type=answer.media_type, headers=dict(answer.headers))


def _json(answer: Answer) -> Response:
    return json_answer(answer.data, headers=answer.headers)
