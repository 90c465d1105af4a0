"""The shell of every page: its header with the ways to the others, and headers that let it load its own files alone."""

from __future__ import annotations

import gzip
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from packshot.service.asking_key import owner_of
from packshot.service.pages.files import file_url
from packshot.service.service import service_of
from packshot.web.rendering import render

__all__ = ["PAGE_HEADERS", "Place", "page"]

#: A page loads its own files and pictures, calls its own service, and stands in no other page. Pictures that a script
#: drew are ``blob:``. With ``no-referrer`` a form would be sent without its origin.
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
}


class Place(StrEnum):
    """The pages that the header leads to, with their addresses."""

    TRY = "/"
    REVIEW = "/review"
    CATALOGUE = "/catalogue"
    RUNS = "/runs"


_TITLES = {
    Place.TRY: "Try a photo",
    Place.REVIEW: "Review",
    Place.CATALOGUE: "Catalogue",
    Place.RUNS: "Runs",
}


def page(
    request: Request, template: str, *, place: Place | None = None, status: int = 200, **values: object
) -> Response:
    """A page in the shell.

    Args:
        request: what asks for it.
        template: its file name in ``web/templates/service``; extends ``service/shell.html.jinja``.
        place: where in the header it stands; None for a page without its place there.
        status: of the answer.
        values: what the template asks for beside ``file_url``.
    """
    html = render(
        f"service/{template}",
        file_url=file_url,
        places=[(each.value, title, each is place) for each, title in _TITLES.items()],
        signed_in=owner_of(request),
        version=request.app.version,
        open_to_all=not service_of(request).keys,
        **values,
    ).encode()
    headers = {**PAGE_HEADERS, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        html, headers["Content-Encoding"] = gzip.compress(html, 6), "gzip"
    return Response(html, status, headers, "text/html; charset=utf-8")
