"""``manifest.jsonl``: one line per input, in the order of the sources."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.durable.atomic import atomic_file
from packshot.errors import PackshotError

if TYPE_CHECKING:
    from packshot.result import Result

__all__ = ["MANIFEST", "Record", "failed_record", "read_manifest", "record_of", "write_manifest"]

MANIFEST = "manifest.jsonl"

Record = dict[str, Any]
"""One line of the manifest: plain JSON values, keys as in `record_of`."""


def record_of(source: str, result: Result, *, files: Mapping[str, str]) -> Record:
    """What the manifest says of one finished input.

    Args:
        source: the input as it was named.
        result: what the pipeline made of it.
        files: ``mask``, ``cutout``, ``packshot`` to paths below the output folder, for those written.

    Returns:
        ``source, sha256, status, error{code, message, remedy}, findings, frame{framed, score, inner_box, removed},
        mask, cutout, packshot, rules[{id, ok, measured, required, severity}], category, attributes, products,
        uncertainty, timings_ms``; what a run did not make is null or empty.
    """
    frame = result.frame
    return {
        "source": source,
        "sha256": result.sha256,
        "status": str(result.status),
        "error": _error(result.error),
        "findings": None if result.findings is None else _plain(asdict(result.findings)),
        "frame": None
        if frame is None
        else _plain(
            {
                "framed": frame.framed,
                "score": frame.score,
                "inner_box": frame.inner_box.as_tuple(),
                "removed": result.frame_removed,
            }
        ),
        "mask": files.get("mask"),
        "cutout": files.get("cutout"),
        "packshot": files.get("packshot"),
        "rules": [_plain(asdict(rule)) for rule in result.rules],
        "category": None,
        "attributes": {},
        "products": [],
        "uncertainty": _plain(result.uncertainty),
        "timings_ms": {step: round(float(time), 1) for step, time in result.timings_ms.items()},
    }


def failed_record(source: str, error: PackshotError) -> Record:
    """What the manifest says of an input the pipeline gave no result for."""
    return {
        "source": source,
        "sha256": None,
        "status": "failed",
        "error": _error(error),
        "findings": None,
        "frame": None,
        "mask": None,
        "cutout": None,
        "packshot": None,
        "rules": [],
        "category": None,
        "attributes": {},
        "products": [],
        "uncertainty": None,
        "timings_ms": {},
    }


def write_manifest(path: Path, records: Iterable[Record]) -> None:
    """Write all lines, whole or not at all.

    Raises:
        OutputError: it could not be written; an older manifest stays as it was.
    """
    with atomic_file(path) as file:
        for record in records:
            # ASCII: a file name need not be valid UTF-8, and comes back unchanged from its \\udcXX escapes.
            file.write(json.dumps(record, allow_nan=False).encode("ascii") + b"\n")


def read_manifest(path: Path) -> Iterator[Record]:
    """The lines of a manifest; a torn last line is left out.

    Raises:
        ValueError: a line before the last is not JSON.
    """
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)


def _error(error: PackshotError | None) -> dict[str, str] | None:
    if error is None:
        return None
    return {"code": error.code, "message": error.message, "remedy": error.remedy}


def _plain(value: Any) -> Any:
    """JSON values: numpy scalars become numbers, numbers keep six digits, what is not a number is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
