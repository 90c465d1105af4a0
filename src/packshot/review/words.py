"""Photos of a review in words: one with all that is known of it, several as a table."""

from __future__ import annotations

from collections.abc import Sequence

from packshot.decisions import decision_words
from packshot.review.cases import Case
from packshot.review.review import Review
from packshot.review.summary import category_words, reasons, split_waiting

__all__ = ["case_table", "case_words", "queue_words"]


def case_table(cases: Sequence[Case]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Titles of columns, and a row of cells for each photo: its value, why one should look, and who decided what."""
    rows: list[tuple[str, ...]] = [
        (
            f"{case.value:.2f}",
            case.state.value,
            "; ".join(reasons(case, codes=True)),
            case.source,
            "; ".join(map(decision_words, case.decisions)),
        )
        for case in cases
    ]
    header: tuple[str, ...] = ("value", "state", "why", "source", "decided")
    if not any(case.decisions for case in cases):
        return header[:-1], [row[:-1] for row in rows]
    return header, rows


def case_words(case: Case, review: Review, *, overlay: str | None = None) -> str:
    """All about one photo: what the run says, where its files lie, and who decided what.

    Args:
        case: the photo.
        review: the results it is of.
        overlay: a picture that was written of its mask.
    """
    record, standing = case.record, {decision.number for decision in review.decisions.standing()}
    why = "; ".join(reasons(case, codes=True)) or "nothing is doubtful"
    lines = [f"{case.source}: {case.state.value}, value {case.value:.2f}, greater is more urgent ({why})"]
    lines.append(f"category: {category_words(case) or 'unknown'}")
    for profile, rule in record.rules_of_all:
        if not rule.ok:
            whose = f" for {profile}" if len(record.packshots) > 1 else ""
            told = f"breaks {rule.id}" if rule.severity == "must" else f"does not keep the recommendation {rule.id}"
            lines.append(f"{told}{whose}: {rule.measured}, not {rule.required}")
    for which, file in (("packshot", record.packshot), ("cutout", record.cutout), ("mask", record.mask)):
        if file:
            lines.append(f"{which}: {review.out / file}")
    if overlay is not None:
        lines.append(f"overlay: {overlay}")
    for one in review.history(case.source):
        lines.append(f"{one.number}: {decision_words(one)}{'' if one.number in standing else ' (taken back)'}")
    return "\n  ".join([*lines, f"seen: {review.seen(case.source).token}"])


def queue_words(cases: Sequence[Case], *, shown: int) -> str:
    """How many of some photos are to be looked at, and how many are ready as they are; so many of them were shown."""
    look, ready = split_waiting(cases)
    left = len(cases) - shown
    more = f"; {left:,} more {'is' if left == 1 else 'are'} not shown: --top {len(cases)}" if left else ""
    return f"to look at: {len(look):,}, ready that nobody decided on: {len(ready):,}{more}"
