"""What the description of the interface says of bodies that the code reads itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Schema", "answers", "form_body", "photo_body", "pictures", "refusals"]

#: A part of the description; which keys it may have is OpenAPI's business.
Schema = dict[str, Any]

_FILE = {"type": "string", "format": "binary"}
_REFUSED = {"type": "object"}  # remove.bg's and rembg's clients know other forms than `/v1`
_ERROR = {
    "error": {
        "code": "DamagedPhoto",
        "message": "the photo is damaged",
        "remedy": "upload it again",
        "request_id": "0f8c5d0e8a0b4c0f9d6f4d5b3b0c1a2e",
    }
}


def form_body(*, files: Sequence[str], texts: Mapping[str, str], plain: bool = True) -> Schema:
    """A multipart or urlencoded form, or the same as JSON without files.

    Args:
        files: names of files.
        texts: names of texts to an example; none where that is empty.
        plain: whether it may also be urlencoded or JSON.
    """
    known = {name: {"type": "string", **({"examples": [text]} if text else {})} for name, text in texts.items()}
    properties = {**dict.fromkeys(files, _FILE), **known}
    schema = {"type": "object", "properties": properties}
    content = {"multipart/form-data": {"schema": schema}}
    if plain:
        without_files = {"schema": {"type": "object", "properties": known}}
        content |= {"application/x-www-form-urlencoded": without_files, "application/json": without_files}
    return {"requestBody": {"required": True, "content": content}}


def photo_body() -> Schema:
    """A photo: as the file of a form, or as the body itself."""
    schema = {"type": "object", "required": ["file"], "properties": {"file": _FILE}}
    content = {"multipart/form-data": {"schema": schema}, "image/*": {"schema": _FILE}}
    return {"requestBody": {"required": True, "content": content}}


def pictures(*types: str, example: Any = None) -> dict[int | str, Schema]:
    """The answers of an address that works on a photo.

    Args:
        types: media types of the picture; none where the answer is JSON alone.
        example: of the JSON.
    """
    content: Schema = {kind: {"schema": _FILE} for kind in types}
    if example is not None:
        content["application/json"] = {"schema": {"type": _kind(example)}, "example": example}
    return {200: {"description": "done", "content": content}, **refusals()}


def answers(*types: str, example: Any = None) -> dict[int | str, Schema]:
    """The answers of an address that works on no photo of the request; arguments as `pictures`."""
    return pictures(*types, example=example)


def refusals() -> dict[int | str, Schema]:
    """The answers to a request that is refused, the same everywhere."""
    refused = {"description": "refused", "content": {"application/json": {"schema": _REFUSED, "example": _ERROR}}}
    later = {**refused, "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}}
    return {"4XX": refused, 422: refused, 429: later, "5XX": refused, 503: later}


def _kind(example: Any) -> str:
    return "array" if isinstance(example, list) else "object"
