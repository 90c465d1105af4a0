"""The page where a person shows a key."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from packshot.service.pages.shell import page
from packshot.service.service import service_of
from packshot.service.sign_ins import COOKIE, SIGN_IN_SECONDS
from packshot.service.uploads import read_upload

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def form(request: Request) -> Response:
    """The form."""
    return page(request, "sign_in.html.jinja", wrong=False)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Check the key and set the cookie."""
    service = service_of(request)
    fields = (await read_upload(request, service.serving)).fields
    key = service.keys.find(fields.get("key", "").strip())
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
