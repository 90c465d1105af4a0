"""The pages' addresses, and those of the files they load."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from packshot.marketplace import load_profile, profile_names
from packshot.service.pages.files import page_files
from packshot.service.pages.shell import Place, page
from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.wording import SHIPPED

__all__ = ["router"]

_LANGUAGES = {"en": "English", "de": "Deutsch", "pl": "Polski"}

router = APIRouter(include_in_schema=False)

_KEEP = "public, max-age=31536000, immutable"


@router.get("/assets/{version}/{name:path}")
async def file(request: Request, version: str, name: str) -> Response:
    """A style sheet or script; `version` keeps browsers from using an old one and is not looked at."""
    found = page_files().get(name)
    if found is None:
        raise Refusal(404, "not_found", "there is no such file", "reload the page")
    headers = {"Cache-Control": _KEEP, "Vary": "Accept-Encoding"}
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = found.compressed, "gzip"
    return Response(content, 200, headers, found.media_type)


@router.get("/")
async def try_a_photo(request: Request) -> Response:
    """Upload, correct, download."""
    serving = service_of(request).serving
    return page(
        request,
        "try.html.jinja",
        place=Place.TRY,
        profiles=list(map(load_profile, profile_names())),
        languages={code: _LANGUAGES[code] for code in SHIPPED},
        most_megabytes=f"{serving.max_upload_megabytes:g}",
        kept_minutes=round(serving.keep_s / 60),
        classifier=serving.classifier is not None,
    )


@router.get("/catalogue")
async def catalogue(request: Request) -> Response:
    """Search by photo, and duplicates."""
    names = list(service_of(request).catalogues.uris)
    if not names:
        option = "--catalogue FOLDER"
        return page(request, "not_started.html.jinja", place=Place.CATALOGUE, title="Catalogue", option=option)
    return page(request, "catalogue.html.jinja", place=Place.CATALOGUE, catalogues=names)


@router.get("/runs")
async def runs(request: Request) -> Response:
    """Runs, and how ready the catalogue is."""
    service = service_of(request)
    if not service.reviews.named and service.serving.state is None:
        return page(request, "not_started.html.jinja", place=Place.RUNS, title="Runs", option="--run OUT")
    titles = {each.name: each.title for each in map(load_profile, profile_names())}
    return page(request, "runs.html.jinja", place=Place.RUNS, titles=titles)
