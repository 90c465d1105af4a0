"""The page that a bookmark opens with the pictures of the page a person was on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.service.pages.shell import page
from packshot.service.service import service_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/tag")
async def tag(request: Request) -> Response:
    """Holds nothing but itself: it is open to all, for a browser sends no cookie with a click on another site's page.

    What it asks the service for needs the key as everything does.
    """
    serving = service_of(request).serving
    return page(request, "tag.html.jinja", started=serving.tagged is not None and serving.fetch_urls)
