"""A picture that goes out, with what is said of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.naming import clean_part
from packshot.delivery.outcome import Change, Delivered
from packshot.errors import PackshotError
from packshot.records import Record

__all__ = ["Item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A picture that goes out, with what is said of it.

    Attributes:
        source: the photo as the manifest names it.
        sku: of its product.
        view: its number among the photos of the product; None where the run gave none.
        channel: the profile it was made for.
        file: its path below the channel, with ``/``.
        picture: the file.
        sha256: of the file's bytes.
        status: ``ok``, or ``review`` where it goes out undecided.
        reasons: why a person should look, and the rules that it breaks.
        rules_ok: whether it keeps all rules of its channel that must hold.
        category: names from the top of the tree down.
        attributes: name to value, those that are sure.
        title: of the product, empty without evidence.
        alt: what the picture shows, empty without evidence.
        record: the photo's line of the manifest, with what persons decided.
    """

    source: str
    sku: str
    view: int | None
    channel: str
    file: str
    picture: Path
    sha256: str
    status: str
    reasons: tuple[str, ...]
    rules_ok: bool
    category: tuple[str, ...]
    attributes: Mapping[str, str]
    title: str
    alt: str
    record: Record

    @property
    def place(self) -> str:
        """Path below a target that holds pictures."""
        return f"{clean_part(self.channel)}/{self.file}"

    @property
    def said(self) -> str:
        """SHA-256 of all that goes out beside the pixels."""
        words = [self.sku, self.view, self.status, self.reasons, self.category, dict(self.attributes)]
        return hashlib.sha256(json.dumps([*words, self.title, self.alt]).encode()).hexdigest()

    def outcome(
        self, change: Change, *, url: str | None, error: PackshotError | None = None, variants: tuple[str, ...] = ()
    ) -> Delivered:
        """What became of it in a delivery."""
        return Delivered(
            source=self.source,
            sku=self.sku,
            channel=self.channel,
            file=self.file,
            status=change,
            url=url,
            reasons=self.reasons,
            rules_ok=self.rules_ok,
            sha256=self.sha256,
            error=error,
            variants=variants,
        )
