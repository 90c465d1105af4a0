"""What the manifest says of one finished input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from packshot.records import (
    EmbeddingRecord,
    ErrorRecord,
    FindingsRecord,
    FrameRecord,
    PackshotRecord,
    Record,
    RuleRecord,
    attributes_record,
    category_record,
    products_record,
)
from packshot.result import Result
from packshot.values import Status

__all__ = ["record_of"]


def record_of(
    source: str,
    result: Result,
    *,
    files: Mapping[str, str],
    heatmaps: Mapping[str, str] | None = None,
    pixel_hash: str | None = None,
) -> Record:
    """The record of a result.

    Args:
        source: the input as it was named.
        result: what the pipeline made of it.
        files: ``mask``, ``cutout``, ``packshot``, ``embedding``, ``fingerprint`` to paths below the output folder, for
            those written.
        heatmaps: label to path below the output folder, for those written.
        pixel_hash: of the photo, see `packshot.duplicates.pixel_hash`.
    """
    photo, mask, described = result.photo, result.mask, result.description
    pictures = heatmaps or {}
    return Record(
        source=source,
        sha256=result.sha256,
        pixel_hash=pixel_hash,
        status=result.status,
        review=result.review,
        error=None if result.error is None else ErrorRecord(**result.error.to_dict()),
        size=None if photo is None else (photo.width, photo.height),
        notes=() if photo is None else photo.notes,
        damage=None if photo is None else photo.damage,
        findings=None if result.findings is None else FindingsRecord(**asdict(result.findings)),
        frame=_frame(result),
        mask=files.get("mask"),
        cutout=files.get("cutout"),
        packshots=_packshots(result, files.get("packshot")),
        heatmaps=tuple(pictures.values()),
        fingerprint=files.get("fingerprint"),
        advice=() if result.packshot is None else result.packshot.advice,
        category=None if described is None or described.category is None else category_record(described.category),
        known=None if described is None else described.known,
        familiar=None if described is None else described.familiar,
        attributes={} if described is None else attributes_record(described.attributes),
        products=()
        if described is None
        else products_record(described.products, offset=result.offset, heatmaps=pictures),
        embedding=None
        if described is None or "embedding" not in files
        else EmbeddingRecord(file=files["embedding"], model=described.model),
        uncertainty=result.uncertainty,
        ready=None if mask is None else mask.ready,
        doubts=() if mask is None else tuple(map(str, mask.doubts)),
        parts=None if mask is None else mask.parts,
        timings_ms={step: round(float(time), 1) for step, time in result.timings_ms.items()},
    )


def _frame(result: Result) -> FrameRecord | None:
    frame = result.frame
    if frame is None:
        return None
    return FrameRecord(
        framed=frame.framed, score=frame.score, inner_box=frame.inner_box.as_tuple(), removed=result.frame_removed
    )


def _packshots(result: Result, file: str | None) -> dict[str, PackshotRecord]:
    if file is None and not result.rules:
        return {}
    rules = tuple(RuleRecord(**asdict(rule)) for rule in result.rules)
    broken = any(not rule.ok and rule.severity == "must" for rule in rules)
    return {result.profile: PackshotRecord(file=file, rules=rules, status=Status.REVIEW if broken else Status.OK)}
