"""Parameters that an address does not take are refused: ``?profiles=amazon`` would give no marketplace's picture."""

from __future__ import annotations

from typing import cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request

from packshot.service.refusal import Refusal
from packshot.storage.encodable import printable

__all__ = ["refuse_unknown_parameters"]

_OWN = "/v1/"  # the other interfaces take what their clients send
_SHOWN = 60  # letters of a name


async def refuse_unknown_parameters(request: Request) -> None:
    """Compare a request's query with what the interface's description says of its address; pages have none.

    Raises:
        Refusal: 422, the query has another name.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path_format.startswith(_OWN) or not request.query_params:
        return
    # Made once, and kept by the application.
    described = cast(FastAPI, request.app).openapi()["paths"].get(route.path_format, {}).get(request.method.lower())
    if described is None:
        return
    names = [each["name"] for each in described.get("parameters", ()) if each["in"] == "query"]
    unknown = next((name for name in request.query_params if name not in names), None)
    if unknown is not None:
        remedy = f"it takes {', '.join(sorted(names))}" if names else "it takes none"
        raise Refusal(
            422, "unknown_parameter", f"this address takes no parameter {printable(unknown[:_SHOWN])!r}", remedy
        )
