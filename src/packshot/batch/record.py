"""What the manifest says of one finished input, and of each picture made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from packshot.records import (
    EmbeddingRecord,
    ErrorRecord,
    FindingsRecord,
    FrameRecord,
    OverlaysRecord,
    PackshotRecord,
    Record,
    RuleRecord,
    UpcomingRuleRecord,
    attributes_record,
    category_record,
    products_record,
    scene_record,
)
from packshot.result import Result
from packshot.values import ProfileResult, ReviewReason, RuleResult, Status

__all__ = ["packshot_record", "record_of", "with_packshots"]

# Those that follow from the pictures alone.
_OF_PICTURES = frozenset({ReviewReason.RULES, ReviewReason.ENLARGED, ReviewReason.PICTURE})


def record_of(
    source: str,
    result: Result,
    *,
    files: Mapping[str, str],
    packshots: Mapping[str, PackshotRecord] | None = None,
    heatmaps: Mapping[str, str] | None = None,
    pixel_hash: str | None = None,
) -> Record:
    """The record of a result.

    Args:
        source: the input as it was named.
        result: what the pipeline made of it.
        files: ``mask``, ``cutout``, ``embedding``, ``fingerprint`` to paths below the output folder, for those written.
        packshots: name of a profile to what `packshot_record` says of its picture.
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
        error=None if result.error is None else ErrorRecord(**result.error.to_dict(), stage=result.failed_at),
        size=None if photo is None else (photo.width, photo.height),
        notes=() if photo is None else photo.notes,
        damage=None if photo is None else photo.damage,
        source_type=None if photo is None else photo.source_type,
        findings=None if result.findings is None else FindingsRecord(**asdict(result.findings)),
        frame=_frame(result),
        overlays=_overlays(result),
        mask=files.get("mask"),
        cutout=files.get("cutout"),
        packshots=dict(packshots or {}),
        heatmaps=tuple(pictures.values()),
        fingerprint=files.get("fingerprint"),
        advice=_advice(packshots or {}),
        category=None if described is None or described.category is None else category_record(described.category),
        known=None if described is None else described.known,
        familiar=None if described is None else described.familiar,
        attributes={} if described is None else attributes_record(described.attributes),
        products=()
        if described is None
        else products_record(described.products, offset=result.offset, heatmaps=pictures),
        scene=None if result.scene is None else scene_record(result.scene, offset=result.offset),
        embedding=None
        if described is None or "embedding" not in files
        else EmbeddingRecord(file=files["embedding"], model=described.model),
        mask_model=None if mask is None else mask.model,
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


def _overlays(result: Result) -> OverlaysRecord | None:
    found = result.overlays
    if found is None:
        return None
    boxes = tuple(box.as_tuple() for box in result.overlay_boxes)
    return OverlaysRecord(
        found=found.found, score=found.score, boxes=boxes, fields=found.fields, on_product=found.on_product
    )


def packshot_record(picture: ProfileResult, file: str | None) -> PackshotRecord:
    """What the manifest says of a profile's picture.

    Args:
        picture: what the pipeline made.
        file: its path below the output folder; None where there is none.
    """
    return PackshotRecord(
        file=file,
        rules=tuple(_rule(rule) for rule in picture.rules),
        upcoming=tuple(UpcomingRuleRecord(**asdict(rule)) for rule in picture.upcoming),
        status=picture.status,
        enlarged=picture.packshot is not None and picture.packshot.enlarged,
        upscale=None if picture.packshot is None else round(picture.packshot.upscale, 4),
        error=None if picture.error is None else ErrorRecord(**picture.error.to_dict()),
        advice=() if picture.packshot is None else picture.packshot.advice,
    )


def _rule(rule: RuleResult) -> RuleRecord:
    # Since when a rule holds is of interest until it does.
    return RuleRecord(**{key: value for key, value in asdict(rule).items() if key != "since"})


def with_packshots(record: Record, packshots: Mapping[str, PackshotRecord]) -> Record:
    """The record of a photo with these pictures instead of those it names, and the status that follows from them."""
    statuses = [picture.status for picture in packshots.values()]
    if statuses and all(status is Status.FAILED for status in statuses):
        error = next(iter(packshots.values())).error
        return record.model_copy(update={"packshots": dict(packshots), "status": Status.FAILED, "error": error})
    found = set(record.review) - _OF_PICTURES
    broken = (not rule.ok and rule.severity == "must" for picture in packshots.values() for rule in picture.rules)
    found |= {ReviewReason.RULES} if any(broken) else set()
    found |= {ReviewReason.ENLARGED} if any(picture.enlarged for picture in packshots.values()) else set()
    found |= {ReviewReason.PICTURE} if Status.FAILED in statuses else set()
    review = tuple(str(reason) for reason in ReviewReason if reason in found)
    return record.model_copy(
        update={
            "packshots": dict(packshots),
            "status": Status.REVIEW if review else Status.OK,
            "review": review,
            "error": None,
            "advice": _advice(packshots),
        }
    )


def _advice(packshots: Mapping[str, PackshotRecord]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(advice for picture in packshots.values() for advice in picture.advice))
