"""JSON answers: numbers that JSON does not have become null, as in the manifest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

__all__ = ["finite", "json_answer"]


def json_answer(data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer of plain values."""
    return JSONResponse(finite(data), status, headers=dict(headers or {}))


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
