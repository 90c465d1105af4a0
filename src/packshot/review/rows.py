"""A photo of a review as JSON has it."""

from __future__ import annotations

from dataclasses import asdict

from packshot.review.cases import Case
from packshot.review.review import Review

__all__ = ["case_row", "whole_row"]


def case_row(case: Case, review: Review) -> dict[str, object]:
    """A photo as `packshot review list --json` prints it: why one should look, and what was decided."""
    record = case.record
    return {
        "source": case.source,
        "value": round(case.value, 6),
        "state": case.state.value,
        "doubts": {name: round(doubt, 6) for name, doubt in asdict(case.priority).items()},
        "price": case.price,
        "status": record.status,
        "uncertainty": record.uncertainty,
        "category": None if record.category is None else record.category.model_dump(),
        "seen": review.seen(case.source).token,
        "decisions": [one.model_dump(mode="json", exclude={"seen"}) for one in case.decisions],
    }


def whole_row(case: Case, review: Review) -> dict[str, object]:
    """A photo as `packshot review show --json` prints it: with its line of the manifest, and every decision."""
    standing = {decision.number for decision in review.decisions.standing()}
    made = [
        {**one.model_dump(mode="json"), "undone": one.number not in standing} for one in review.history(case.source)
    ]
    return {**case_row(case, review), "record": case.record.row(), "decisions": made}
