"""Whether the service lives, whether it can take work, and its numbers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.json_answer import json_answer
from packshot.service.service import service_of
from packshot.version import __version__

__all__ = ["router"]

router = APIRouter(tags=["operation"])


@router.get("/health", summary="Whether the process answers")
async def health() -> dict[str, str]:
    """200 as long as the service lives, also while it cannot take work."""
    return {"status": "ok"}


@router.get(
    "/ready", summary="Whether a worker can take a photo", responses={503: {"description": "not yet, or ending"}}
)
async def ready(request: Request) -> Response:
    """200 when a worker is ready; 503 while networks load, and once the service is ending."""
    if service_of(request).workers.ready:
        return json_answer({"status": "ready", "version": __version__})
    return json_answer({"status": "not ready"}, status=503, headers={"Retry-After": "2"})


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus' text form; needs a key where the service does."""
    service = service_of(request)
    service.workers.observe()
    service.batches.observe()
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
