"""What a delivery is to bring, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from packshot.delivery.addresses import Addresses

__all__ = ["Wishes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What goes out, and how.

    Attributes:
        channels: profiles of the run; empty: all of them, or for a feed the one that is called like it.
        include_undecided: whether what a person should look at goes out as well.
        language: of title and alt text; None: the run's first.
        addresses: of pictures and products.
        dry_run: whether nothing is written, and only the difference is told.
        credentials: PEM files of a certificate and its key, with which every picture is signed (C2PA); None: none is.
    """

    channels: tuple[str, ...] = ()
    include_undecided: bool = False
    language: str | None = None
    addresses: Addresses = field(default_factory=Addresses)
    dry_run: bool = False
    credentials: tuple[Path, Path] | None = None
