"""JSON that every reader takes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

__all__ = ["json_text"]


def json_text(value: object, *, indent: int | None = None) -> str:
    """Write a value as JSON; a figure that there is none of (nan, infinity) is ``null``.

    Python writes ``NaN``, which is no JSON: jq, JavaScript and databases refuse the whole file for it.

    Args:
        value: of mappings, sequences, strings and numbers; what JSON does not know, such as a time, is written as text.
        indent: blanks before each level; None for one line.

    Example:
        >>> json_text({"auc": float("nan"), "photos": 0})
        '{"auc": null, "photos": 0}'
    """
    return json.dumps(_finite(value), indent=indent, default=str, allow_nan=False)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_finite(each) for each in value]
    return value
