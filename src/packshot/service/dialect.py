"""A refusal in the words of the interface that was called: remove.bg's, rembg's, or packshot's own."""

from __future__ import annotations

from starlette.responses import Response

from packshot.service.json_answer import json_answer
from packshot.service.refusal import Refusal
from packshot.service.removebg.errors import removebg_error

__all__ = ["respond"]


def respond(refusal: Refusal, *, path: str, request_id: str) -> Response:
    """The answer to a request that is refused.

    Args:
        refusal: why.
        path: of the request, which tells the interface.
        request_id: under which the log has it.
    """
    status, headers = refusal.status, dict(refusal.headers)
    body: dict[str, object]
    if path.startswith("/v1.0/"):
        status, body = removebg_error(refusal)
    elif path.startswith("/api/"):
        body = {"detail": ": ".join(filter(None, (refusal.message, refusal.remedy)))}
    else:
        error = {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}
        body = {"error": {**error, "request_id": request_id}}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_answer(body, status=status, headers=headers)
