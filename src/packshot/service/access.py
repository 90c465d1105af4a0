"""Who may ask: under the service's own name, not from another site's page, with a key, as often as that allows."""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packshot.addresses import split_address
from packshot.counting import counted
from packshot.service.dialect import respond
from packshot.service.keys import Key
from packshot.service.rate import Allowance
from packshot.service.refusal import Refusal
from packshot.service.service import Service
from packshot.service.sign_ins import COOKIE

__all__ = ["Access"]

_OPEN = ("/health", "/ready", "/sign-in", "/tag")  # for supervisors, and for who has a key to show
_FILES = "/assets/"  # the same in every copy of packshot
_FREE = ("/v1.0/account", "/metrics", "/openapi.json")
_MAX_HEAD = 32_768  # bytes of all headers
_MAX_ADDRESS = 16_384  # bytes of path and query
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Access:
    """Refuses requests before their body is read.

    A page of another site can send requests to this machine, and by DNS rebinding even read the answers: so on loopback
    only this machine's own names count, and a request that a browser marks with another site's origin is refused.

    Args:
        app: what answers.
        service: names its hosts, keys and limits.
    """

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        more: dict[str, str] = {}
        try:
            _check_head(headers, scope)
            self._check_host(headers)
            self._check_origin(headers)
            if path not in _OPEN and not path.startswith(_FILES):
                key = scope["state"]["key"] = self._key(headers, path)
                more = self._count(key, path)
        except Refusal as refusal:
            scope["state"]["refusal_code"] = refusal.code
            response: Response = respond(refusal, path=path, request_id=scope["state"]["request_id"])
            if refusal.status == 401 and scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                response = RedirectResponse("/sign-in", 303)  # a person, with a browser
            await response(scope, receive, send)
            return

        async def with_rates(message: Message) -> None:
            if message["type"] == "http.response.start" and more:
                known = [(name.lower().encode(), value.encode()) for name, value in more.items()]
                message["headers"] = [*message["headers"], *known]
            await send(message)

        await self._app(scope, receive, with_rates)

    def _check_host(self, headers: Headers) -> None:
        serving = self._service.serving
        if not serving.on_loopback and not serving.hosts:
            return  # a key is asked for
        names = {name.lower() for name in serving.hosts} | (set(_LOOPBACK) if serving.on_loopback else set())
        if _host_name(headers.get("host", "")) not in names:
            raise Refusal(
                421, "unknown_host", "the service is not called by this name", "see `packshot serve --host-name`"
            )

    def _check_origin(self, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is None:
            return
        asked_from = split_address(origin)
        if asked_from is None or asked_from.netloc.lower() != headers.get("host", "").lower():
            raise Refusal(
                403, "other_origin", "pages of other sites may not call this service", "call it from a server"
            )

    def _key(self, headers: Headers, path: str) -> Key | None:
        if not self._service.keys:
            return None
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        secret = headers.get("x-api-key") or (bearer.strip() if scheme.lower() == "bearer" else "")
        key = self._service.keys.find(secret) if secret else None
        cookie = "" if secret else cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        if cookie:
            key = self._service.sign_ins.find(cookie)
        if key is None:
            status = 403 if path.startswith("/v1.0/") else 401
            raise Refusal(status, "unauthorised", "a valid key is missing", "send it as X-API-Key")
        return key

    def _count(self, key: Key | None, path: str) -> dict[str, str]:
        if key is None or key.per_minute is None or path in _FREE:
            return {}
        allowance = self._service.rates.take(key.name, key.per_minute)
        headers = _rate_headers(allowance)
        if not allowance.allowed:
            seconds = str(allowance.retry_in_s)
            raise Refusal(
                429,
                "too_many_requests",
                f"this key allows {counted(key.per_minute, 'request')} a minute",
                f"try again in {seconds} s",
                {**headers, "Retry-After": seconds},
            )
        return dict(headers)


def _check_head(headers: Headers, scope: Scope) -> None:
    if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > _MAX_ADDRESS:
        raise Refusal(414, "address_too_long", f"the address has more than {_MAX_ADDRESS} bytes", "send a shorter one")
    if sum(len(name) + len(value) for name, value in headers.raw) > _MAX_HEAD:
        raise Refusal(431, "head_too_large", f"the headers have more than {_MAX_HEAD} bytes", "send fewer")


def _rate_headers(allowance: Allowance) -> Mapping[str, str]:
    return {
        "X-RateLimit-Limit": str(allowance.limit),
        "X-RateLimit-Remaining": str(allowance.remaining),
        "X-RateLimit-Reset": str(int(time.time()) + allowance.full_in_s),
    }


def _host_name(host: str) -> str:
    """Of a Host header, without its port and the brackets of IPv6."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
