"""A photo of a review as the service's JSON has it."""

from __future__ import annotations

from dataclasses import replace

from packshot.decisions import Decision, decision_words
from packshot.records import Record
from packshot.review import Case, Review, reasons
from packshot.review.audit import AuditRow, audit_rows
from packshot.review.rows import case_row
from packshot.service.reviewing.places import OpenReview, photo_id
from packshot.values import Status
from packshot.web.run_report.words import DOUBT_FIXES, failure_title, fixes

__all__ = ["audit_lines", "decision_row", "fix_rows", "log_rows", "photo_row"]


def photo_row(opened: OpenReview, case: Case, review: Review) -> dict[str, object]:
    """As ``packshot review list --json`` has it, with what the service adds: id, reasons in words, size, pictures."""
    record, name = case.record, opened.called(case.source)
    decisions = [one.model_dump(mode="json", exclude={"seen"}) for one in case.decisions]
    return {
        "id": photo_id(case.source),
        **case_row(case, review),
        "source": name,
        "decisions": [{**one, "source": opened.called(one["source"])} for one in decisions],
        "waits": case.waits,
        "familiar": record.familiar,
        "sku": record.sku,
        "size": record.size,
        "review": list(record.review),
        "mask_doubts": list(record.doubts),
        "reasons": reasons(case),
        "fixes": fix_rows(record),
        "ready": record.ready,
        "frame": None if record.frame is None else record.frame.model_dump(mode="json"),
        "rules": [{"profile": name, **rule.model_dump(mode="json")} for name, rule in record.rules_of_all],
        "packshots": [name for name, picture in record.packshots.items() if picture.file is not None],
        "has_mask": record.mask is not None,
        "has_cutout": record.cutout is not None,
        "words": [decision_words(one) for one in case.decisions],
    }


def decision_row(opened: OpenReview, decision: Decision) -> dict[str, object]:
    """A line of the log, with the photo's id and in words."""
    return {
        "photo": photo_id(decision.source),
        **decision.model_dump(mode="json", exclude_none=True),
        "source": opened.called(decision.source),
        "words": decision_words(decision),
    }


def log_rows(opened: OpenReview, review: Review, *, after: int, most: int) -> list[dict[str, object]]:
    """Decisions that were made or taken back after a line of the log, as many as are asked for, in their order."""
    made, undone = review.decisions.made.values(), review.decisions.undone

    def changed(one: Decision) -> int:
        return undone[one.number].number if one.number in undone else one.number

    found = sorted((one for one in tuple(made) if changed(one) > after), key=changed)[:most]
    rows = []
    for one in sorted(found, key=lambda each: each.number):
        undo = undone.get(one.number)
        taken = {"taken_back": undo and undo.number, "taken_back_by": undo and undo.by}
        rows.append({**decision_row(opened, one), "stands": undo is None, **taken})
    return rows


def audit_lines(opened: OpenReview, review: Review) -> list[AuditRow]:
    """The log for persons, with what the review's answers call its photos."""
    return [replace(row, photo=opened.called(row.photo)) for row in audit_rows(review.decisions)]


def fix_rows(record: Record) -> list[dict[str, object]]:
    """What a person should do about a photo, in words; with the doubt it comes from, where that is one of the mask."""
    if record.status is Status.FAILED:
        return [{"words": failure_title(record.error.code if record.error else ""), "doubt": None}]
    doubts = {words: doubt for doubt, words in DOUBT_FIXES.items()}
    return [{"words": words, "doubt": doubts.get(words)} for words in fixes(record)]
