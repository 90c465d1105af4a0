"""The page where a person shows a key."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from packshot.service.pages.shell import page
from packshot.service.service import service_of
from packshot.service.sign_ins import COOKIE, SIGN_IN_SECONDS
from packshot.service.uploads import read_bytes

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_MOST_BYTES = 4000


@router.get("/sign-in")
async def form(request: Request) -> Response:
    """The form."""
    return page(request, "sign_in.html.jinja", wrong=False)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Check the key and set the cookie."""
    service = service_of(request)
    body = await read_bytes(request, service.serving, max_bytes=_MOST_BYTES)  # anybody may send one
    secret = parse_qs(body.decode("utf-8", "replace")).get("key", [""])[0]
    key = service.keys.find(secret.strip())
    if key is None:
        return page(request, "sign_in.html.jinja", status=403, wrong=True)
    response = RedirectResponse("/", 303)
    secure = request.headers.get("origin", "").startswith("https:")
    response.set_cookie(
        COOKIE, service.sign_ins.add(key), max_age=SIGN_IN_SECONDS, httponly=True, samesite="strict", secure=secure
    )
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Forget the cookie, here and in the browser."""
    service_of(request).sign_ins.end(request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
