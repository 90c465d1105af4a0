"""Addresses of what a trained classifier of one's own says of a kept photo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.json_answer import json_answer
from packshot.service.kept.classifying import AnswerJob, HeatmapJob
from packshot.service.kept.routes import kept_photo, perform_on_kept
from packshot.service.openapi import answers, pictures
from packshot.service.refusal import Refusal
from packshot.service.service import service_of

__all__ = ["router"]

router = APIRouter(prefix="/v1/photos", tags=["kept photos"])

_ANSWER = {"model": "cars@1f2e3d4c", "answers": [{"label": "estate", "probability": 0.93}]}


@router.get("/{photo}/answer", summary="What your classifier says", responses=answers(example=_ANSWER))
async def answer(request: Request, photo: str) -> Response:
    """Every label with its probability, the likeliest first; 404 where the service was started without a classifier."""
    kept, model = kept_photo(request, photo), _classifier(request)
    return json_answer((await perform_on_kept(request, AnswerJob(kept.folder, model))).data)


@router.get(
    "/{photo}/heatmap",
    summary="Where that comes from",
    response_class=Response,
    responses=pictures("image/jpeg"),
)
async def heatmap(request: Request, photo: str, label: Annotated[str, Query(max_length=200)]) -> Response:
    """The photo in grey; hot where hiding a patch takes most from the label's probability."""
    kept, model = kept_photo(request, photo), _classifier(request)
    found = await perform_on_kept(request, HeatmapJob(kept.folder, model, label))
    return Response(found.content, media_type=found.media_type)


def _classifier(request: Request) -> Path:
    model = service_of(request).serving.classifier
    if model is None:
        raise Refusal(404, "no_classifier", "this service has no classifier", "start it with --model FILE.onnx")
    return model
