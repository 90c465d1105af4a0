"""What goes out of a run, signed where that is wished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from packshot.delivery.item import Item
from packshot.delivery.outcome import Change, Delivered
from packshot.delivery.selection import items_of
from packshot.delivery.wishes import Wishes
from packshot.errors import UsageError
from packshot.extras import installing
from packshot.records import Record

__all__ = ["outgoing"]


def outgoing(
    out: Path, records: Sequence[Record], channels: Sequence[str], wishes: Wishes
) -> Iterator[Item | Delivered]:
    """The pictures that go out, and of each that stays behind why; see `items_of`.

    Args:
        out: the run's folder.
        records: of its manifest.
        channels: of the run.
        wishes: what goes out, and whether it is signed.

    Raises:
        UsageError: the decisions are damaged, no record has texts in that language, the certificate cannot be
            read, or the extra ``provenance`` is not installed.
        OutputError: a picture cannot be signed.
    """
    found = items_of(out, records, channels, include_undecided=wishes.include_undecided, language=wishes.language)
    if wishes.credentials is None:
        yield from found
        return
    try:
        from packshot.delivery.provenance import SignedPictures, Signer  # noqa: PLC0415  # needs the extra
    except ImportError as error:
        raise UsageError("nothing is installed that signs", remedy=installing("provenance")) from error
    signed = SignedPictures(out / "delivery" / "signed", Signer(*wishes.credentials), dry_run=wishes.dry_run)
    for one in found:
        if isinstance(one, Delivered):
            yield one
            continue
        try:
            yield signed(one)
        except UsageError as error:
            yield replace(one.outcome(Change.HELD, url=None, error=error), reasons=(error.message,))
