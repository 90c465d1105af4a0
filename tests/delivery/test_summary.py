"""What a delivery counts while it goes on: by hand, picture by picture."""

from __future__ import annotations

from pathlib import Path

from packshot.delivery import Change, Delivered
from packshot.delivery.outcome import REJECTED
from packshot.delivery.summary import DeliverySummary
from packshot.errors import DeliveryError


def picture(source: str, status: Change, *reasons: str, error: DeliveryError | None = None) -> Delivered:
    return Delivered(source=source, sku=None, channel="plain", file=source, status=status, reasons=reasons, error=error)


def test_pictures_are_counted_by_what_became_of_them() -> None:
    summary, wrong = DeliverySummary(), DeliveryError("the shop has no such product", remedy="add it")
    for one in (
        picture("a.jpg", Change.NEW),
        picture("b.jpg", Change.NEW, error=wrong),
        picture("c.jpg", Change.SAME),
        picture("d.jpg", Change.HELD, error=wrong),  # it never was to go: no failure, but an error
        picture("e.jpg", Change.HELD, REJECTED),
    ):
        summary.add(one)
    assert summary.words(dry_run=False) == "delivered: 1 new, 1 same, 2 held, 1 failed"
    assert summary.exit_code == 3
    assert summary.advice(Path("out")) == []


def test_a_photo_of_two_channels_is_undecided_once() -> None:
    summary = DeliverySummary()
    for _ in range(2):
        summary.add(picture("a.jpg", Change.HELD, "mask"))
    assert summary.words(dry_run=True) == "would be delivered: 2 held"
    assert summary.advice(Path("out")) == ["1 undecided photo: packshot review list out, or --include-undecided"]
    assert summary.exit_code == 0


def test_a_delivery_of_nothing_says_so() -> None:
    assert DeliverySummary().words(dry_run=False) == "delivered: nothing"
