"""Lines of earlier versions, brought to the present one step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from packshot.errors import UsageError
from packshot.records.record import Record

__all__ = ["SCHEMA_VERSION", "read_record"]

#: Of the lines a run writes now.
SCHEMA_VERSION = 2

Row = dict[str, Any]


def read_record(row: Mapping[str, Any]) -> Record:
    """A line of any version up to this one.

    Args:
        row: as JSON gives it.

    Raises:
        UsageError: a newer packshot wrote it.
        ValueError: it is no line of a manifest.
    """
    if not isinstance(row, Mapping):
        raise ValueError(f"expected an object, got {type(row).__name__}")
    version = row.get("schema_version", 1)
    if not isinstance(version, int) or version < 1:
        raise ValueError(f"schema_version: expected a number from 1 on, got {version!r}")
    if version > SCHEMA_VERSION:
        raise UsageError(
            f"a record of version {version}, which a newer packshot wrote; this one reads up to {SCHEMA_VERSION}",
            remedy="upgrade packshot, or repeat the run into a new folder",
        )
    current = dict(row)
    for step in range(version, SCHEMA_VERSION):
        current = _STEPS[step](current)
    try:
        return Record.model_validate(current)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None


def _from_1(row: Row) -> Row:
    """Version 1 had no version, one picture without the name of its profile, and once neither advice nor severity."""
    file, rules = row.pop("packshot", None), row.pop("rules", None) or []
    if not isinstance(rules, list) or not all(isinstance(rule, dict) and "ok" in rule for rule in rules):
        raise ValueError("rules: expected a list of objects, each with `ok`")
    if file is not None or rules:
        broken = any(not rule["ok"] and rule.get("severity", "must") == "must" for rule in rules)
        # Whose rules they are was not written down.
        row["packshots"] = {"": {"file": file, "rules": rules, "status": "review" if broken else "ok"}}
    # Null stood for what was empty.
    for key in ("review", "heatmaps", "advice", "attributes", "products", "doubts", "timings_ms"):
        if row.get(key) is None:
            row.pop(key, None)
    return {**row, "schema_version": 2}


_STEPS: dict[int, Callable[[Row], Row]] = {1: _from_1}
