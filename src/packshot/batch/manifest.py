"""``manifest.jsonl``: one line per input, in the order of the sources."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from packshot.durable.atomic import atomic_file
from packshot.errors import PackshotError
from packshot.result import Result, Status
from packshot.values import Answer, Attribute, Product

__all__ = ["MANIFEST", "Record", "failed_record", "read_manifest", "record_of", "write_manifest"]

MANIFEST = "manifest.jsonl"

Record = dict[str, Any]
"""One line of the manifest: plain JSON values, keys as in `record_of`."""


def record_of(
    source: str, result: Result, *, files: Mapping[str, str], heatmaps: Mapping[str, str] | None = None
) -> Record:
    """What the manifest says of one finished input; docs/reference/manifest.md explains each key.

    Args:
        source: the input as it was named.
        result: what the pipeline made of it.
        files: ``mask``, ``cutout``, ``packshot``, ``embedding`` to paths below the output folder, for those written.
        heatmaps: label to path below the output folder, for those written.

    Returns:
        ``source, sha256, status, review, error{code, message, remedy}, size, notes[], damage, findings,
        frame{framed, score, inner_box, removed}, mask, cutout, packshot, heatmaps, rules[{id, ok, measured,
        required, severity}], category{path[{id, name, score}], score, sure, uncertainty, top[{label, score,
        name}]}, attributes, products[{label, score, box, name, heatmap}], embedding{file, model}, uncertainty,
        ready, doubts, parts, known, familiar, advice[], timings_ms``; what a run did not make is null or empty.
        Boxes are in pixels of the upright photo as it came, also where a frame was cut off.
    """
    frame, photo, said = result.frame, result.photo, result.description
    drawn = heatmaps or {}
    return {
        "source": source,
        "sha256": result.sha256,
        "status": str(result.status),
        "review": list(result.review),
        "error": _error(result.error),
        "size": None if photo is None else [photo.width, photo.height],
        "notes": [] if photo is None else list(photo.notes),
        "damage": None if photo is None else photo.damage,
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
        "heatmaps": list(drawn.values()),
        "advice": [] if result.packshot is None else list(result.packshot.advice),
        "rules": [_plain(asdict(rule)) for rule in result.rules],
        "category": None if said is None else _category(said.category),
        "known": None if said is None else _plain(said.known),
        "familiar": None if said is None else said.familiar,
        "attributes": {} if said is None else _attributes(said.attributes),
        "products": [] if said is None else _products(said.products, offset=result.offset, heatmaps=drawn),
        "embedding": None
        if said is None or "embedding" not in files
        else {"file": files["embedding"], "model": said.model},
        "uncertainty": _plain(result.uncertainty),
        "ready": None if result.mask is None else _plain(result.mask.ready),
        "doubts": [] if result.mask is None else [str(doubt) for doubt in result.mask.doubts],
        "parts": None if result.mask is None else result.mask.parts,
        "timings_ms": {step: round(float(time), 1) for step, time in result.timings_ms.items()},
    }


def failed_record(source: str, error: PackshotError) -> Record:
    """What the manifest says of an input the pipeline gave no result for."""
    return record_of(source, Result(source=source, status=Status.FAILED, error=error), files={})


def _category(said: Answer | None) -> Record | None:
    if said is None:
        return None
    path = [{"id": choice.label, "name": choice.name, "score": choice.score} for choice in said.path]
    top = [{"label": choice.label, "score": choice.score, "name": choice.name} for choice in said.top]
    found = {"path": path, "score": said.score, "sure": said.sure, "uncertainty": said.uncertainty, "top": top}
    return dict(_plain(found))


def _attributes(attributes: Iterable[Attribute]) -> Record:
    found: Record = {}
    for attribute in attributes:
        value = {"value": attribute.value, "score": attribute.score}
        if attribute.tag:
            found.setdefault(attribute.name, []).append(value)
        else:
            found[attribute.name] = {**value, "sure": attribute.sure}
    return dict(_plain(found))


def _products(products: Iterable[Product], *, offset: tuple[int, int], heatmaps: Mapping[str, str]) -> list[Record]:
    return [
        _plain(
            {
                "label": product.label,
                "score": product.score,
                "box": product.box.moved(right=offset[0], down=offset[1]).as_tuple(),
                "name": product.name,
                "heatmap": heatmaps.get(product.label),
            }
        )
        for product in products
    ]


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
