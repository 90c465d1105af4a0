"""How many pictures went out, stayed behind and failed, counted while a delivery goes on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from packshot.counting import counted
from packshot.delivery.outcome import Change, Delivered

__all__ = ["DeliverySummary"]


class DeliverySummary:
    """Counts what becomes of the pictures of one delivery; a delivery that ends early has counted so many.

    Attributes:
        counts: how many of each `Change`, and of those that ``failed``.
        undecided: photos that wait for a person, each once.
        with_errors: pictures with an error, those that are held for it among them.

    Example:
        >>> summary = DeliverySummary()
        >>> summary.add(Delivered(source="a.jpg", sku="a", channel="plain", file="a.jpg", status=Change.NEW))
        >>> summary.words(dry_run=True)
        'would be delivered: 1 new'
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.undecided: set[str] = set()
        self.with_errors = 0

    @property
    def exit_code(self) -> int:
        """3 where a picture has an error."""
        return 3 if self.with_errors else 0

    def add(self, one: Delivered) -> None:
        """Count one picture more."""
        self.counts["failed" if one.has_failed else one.status] += 1
        self.with_errors += one.error is not None
        if one.is_undecided:
            self.undecided.add(one.source)

    def words(self, *, dry_run: bool) -> str:
        """For a person: how many of each; in the conditional of a delivery that wrote nothing."""
        counted = ", ".join(f"{self.counts[each]:,} {each}" for each in (*Change, "failed") if self.counts[each])
        return f"{'would be delivered' if dry_run else 'delivered'}: {counted or 'nothing'}"

    def advice(self, out: Path) -> list[str]:
        """What a person should do before the next delivery of the run in `out`; nothing where all is decided."""
        if not self.undecided:
            return []
        photos = counted(len(self.undecided), "undecided photo")
        return [f"{photos}: packshot review list {out}, or --include-undecided"]
