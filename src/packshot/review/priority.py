"""How much a photo needs a person: its priority in the queue, from what is uncertain about it."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass
from pathlib import Path

from packshot.errors import UsageError
from packshot.records import Record
from packshot.storage.table import read_table
from packshot.values import Status

__all__ = ["ReviewPriority", "frame_uncertainty", "read_prices", "review_priority"]

_REVIEW = 3  # more than all else of a picture without `review` can come to, 0.5 + 1 + 1


@dataclass(frozen=True, slots=True)
class ReviewPriority:
    """Why a person should look; each 0 (no reason) .. 1.

    Attributes:
        review: 1 if the run itself asks for it (status ``review``, or nothing was found to cut out).
        rules: 1 if the picture breaks a rule that must hold.
        mask: its uncertainty over twice the threshold of review, at most 1; from one half on a mask goes to review
            where the network's card has no `ReadyRule`.
        category: 1 - score; 0 where the run names no category, for then there is nothing to confirm.
        frame: 1 - 2 |score - 0.5|: 1 where frame detection cannot tell; 0 where it did not look.
    """

    review: float
    rules: float
    mask: float
    category: float
    frame: float

    @property
    def total(self) -> float:
        """``3 review + rules + mask + category + frame``, 0..7."""
        return (_REVIEW - 1) * self.review + math.fsum(astuple(self))


def review_priority(record: Record, *, review_above: float) -> ReviewPriority:
    """How much a person is needed for one line of a manifest.

    Args:
        record: as `packshot run` writes it.
        review_above: uncertainty above which a mask goes to review (`Settings.review_above`), above 0.
    """
    failed = record.status is Status.FAILED  # of these, only photos in which nothing was found are reviewed
    uncertainty = 1.0 if failed else record.uncertainty or 0.0
    broken = any(not rule.ok and rule.severity == "must" for _, rule in record.rules_of_all)
    category, frame = record.category, record.frame
    return ReviewPriority(
        review=float(failed or record.status is Status.REVIEW),
        rules=float(broken),
        mask=min(1.0, uncertainty / (2 * review_above)) if review_above > 0 else float(uncertainty > 0),
        category=_unsure(category.score) if category and category.path else 0.0,
        frame=frame_uncertainty(frame.score) if frame else 0.0,
    )


def frame_uncertainty(score: float | None) -> float:
    """0 where frame detection is sure (its score is 0 or 1) .. 1 where it cannot tell (one half, or no score).

    Example:
        >>> frame_uncertainty(0.75), frame_uncertainty(None)
        (0.5, 1.0)
    """
    return 1 - 2 * abs(_within(score) - 0.5)


def _unsure(score: float | None) -> float:
    return 1.0 if score is None else 1 - _within(score)


def _within(score: float | None) -> float:
    return 0.5 if score is None else min(1.0, max(0.0, score))


def read_prices(table: Path) -> dict[str, float]:
    """The value of each photo to the shop: a price, a number of views.

    Args:
        table: CSV in UTF-8 with the columns ``source`` and ``value``, comma or semicolon.

    Returns:
        Source to value, 0 or more.

    Raises:
        UsageError: it cannot be read, a column is missing, a value is no number, or a source stands there twice.
    """
    columns, rows = read_table(table)
    if not {"source", "value"} <= set(columns):
        raise UsageError(
            f"{table}: expected the columns source and value, got {', '.join(columns) or 'nothing'}",
            remedy="name the columns in the first line: source,value",
        )
    prices: dict[str, float] = {}
    for line, row in rows:
        source, value = row.get("source", ""), row.get("value", "")
        if not source or source in prices:
            raise UsageError(
                f"{table}, line {line}: {f'{source} stands there twice' if source else 'no source'}",
                remedy="give each photo one line",
            )
        prices[source] = _price(value, f"{table}, line {line}")
    return prices


def _price(text: str, where: str) -> float:
    try:
        price = float(text)
    except ValueError:
        price = math.nan
    if not 0 <= price < math.inf:
        raise UsageError(f"{where}: expected a value of 0 or more, got {text!r}", remedy="correct the column `value`")
    return price
