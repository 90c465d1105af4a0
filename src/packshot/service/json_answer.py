"""JSON answers as the manifest: numbers that JSON does not have become null, what UTF-8 does not have is escaped."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

__all__ = ["finite", "json_answer"]


class _Escaped(JSONResponse):
    def render(self, content: Any) -> bytes:
        r"""A file's name need not be UTF-8: a stray byte is a lone surrogate, which JSON has as ``\udcff`` alone."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer of plain values."""
    return _Escaped(finite(data), status, headers=dict(headers or {}))


def finite(value: Any) -> Any:
    """The same with null for infinity and not-a-number.

    Example:
        >>> finite({"sharpness": float("inf"), "size": (2, 3)})
        {'sharpness': None, 'size': [2, 3]}
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: finite(each) for key, each in value.items()}
    return [finite(each) for each in value] if isinstance(value, list | tuple) else value
