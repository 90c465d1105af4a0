"""The outermost layer: an id for every request, its time, a line in the log, headers that keep it private."""

from __future__ import annotations

import time
import uuid

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packshot.service.metrics import Metrics
from packshot.service.tracing import RequestSpan, Traces

__all__ = ["Observed"]

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
]
_METHODS = frozenset({"GET", "POST", "HEAD", "DELETE", "PUT"})
_QUIET = ("/health", "/ready", "/metrics")  # asked for every few seconds: counted, not logged


class Observed:
    """Counts and logs requests by the address' pattern: no query, no body, no header stands in either.

    Args:
        app: what answers.
        metrics: where it is counted and logged.
        traces: where it gets a span; None for no traces.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, traces: Traces | None = None) -> None:
        self._app, self._metrics, self._traces = app, metrics, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._traces is None:
            await self._observe(scope, receive, send, None)
            return
        with self._traces.request(Headers(scope=scope).get("traceparent")) as span:
            await self._observe(scope, receive, send, span)

    async def _observe(self, scope: Scope, receive: Receive, send: Send, span: RequestSpan | None) -> None:
        started, status, sent = time.monotonic(), 500, 0
        request_id = scope.setdefault("state", {})["request_id"] = uuid.uuid4().hex
        scope["state"]["span"] = span

        async def observe(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                own = {name.lower() for name, _ in message["headers"]}  # a page has its own policy, a file may be kept
                more = [header for header in _HEADERS if header[0] not in own]
                message["headers"] = [*message["headers"], *more, (b"x-request-id", request_id.encode())]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            seconds = time.monotonic() - started
            route = getattr(scope.get("route"), "path", "unmatched")
            code = scope["state"].get("refusal_code")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            if span is not None:
                span.answered(method, route, status, code)
            self._metrics.requests.labels(route, str(status)).inc()
            self._metrics.request_seconds.labels(route).observe(seconds)
            if code is not None:
                self._metrics.errors.labels(code).inc()
            if route not in _QUIET:
                self._metrics.log.info(
                    "request",
                    request_id=request_id,
                    method=method,
                    route=route,
                    status=status,
                    code=code,
                    seconds=round(seconds, 4),
                    bytes_out=sent,
                )
