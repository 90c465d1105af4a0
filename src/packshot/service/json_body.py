"""A request's JSON body as one of the service's own types."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from packshot.service.refusal import Refusal
from packshot.service.service import service_of
from packshot.service.uploads import read_bytes

__all__ = ["described_body", "read_json"]

_MAX_BYTES = 4_000_000  # strokes on a photo are the longest

Body = TypeVar("Body", bound=BaseModel)


async def read_json(request: Request, body: type[Body], *, max_bytes: int = _MAX_BYTES) -> Body:
    """Read a body.

    Args:
        request: its body is not read yet.
        body: what it shall be.
        max_bytes: it may have.

    Raises:
        Refusal: 413 too large, 408 too slow, 415 another type, 422 not what it shall be; names the place.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "unsupported_media_type", f"content type {kind[:60] or 'missing'!r}", "send JSON")
    text = await read_bytes(request, service_of(request).serving, max_bytes=max_bytes)
    try:
        return body.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:80] or "the body"
        raise Refusal(422, "invalid_body", f"{place}: {first['msg'][:200]}", "see /openapi.json") from error


def described_body(body: type[BaseModel], example: dict[str, object]) -> dict[str, object]:
    """What OpenAPI says of a body that `read_json` reads.

    Args:
        body: its type.
        example: of it.
    """
    schema = body.model_json_schema()
    known = schema.pop("$defs", {})
    content = {"application/json": {"schema": _inlined(schema, known), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, known: dict[str, object]) -> Any:
    """The same with every reference replaced by what it names: in OpenAPI they would point elsewhere."""
    if isinstance(schema, list):
        return [_inlined(each, known) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(known[schema["$ref"].rpartition("/")[2]], known)
    return {key: _inlined(each, known) for key, each in schema.items() if key != "discriminator"}
