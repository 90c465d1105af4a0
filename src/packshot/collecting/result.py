"""What happens while a shop is read, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packshot.counting import counted

if TYPE_CHECKING:
    from packshot.collecting.job import Job

__all__ = ["Collected", "Happening"]

#: Why a run ended to the option that ended it.
_LIMITS = {"pages": "--max-pages", "photos": "--max-photos", "seconds": "--max-minutes"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done.

    Attributes:
        kind: a ``page`` was read, a ``photo`` kept; a photo was ``refused``, a page or photo ``failed`` (is not there,
            took too long), or robots.txt ``forbids`` it.
        url: its address.
        message: the reason, and the way out; empty where all went well.
    """

    kind: Literal["page", "photo", "refused", "failed", "forbidden"]
    url: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """The state of a folder after a run.

    Attributes:
        pages: pages read, over all runs.
        products: rows of products.jsonl.
        photos: rows of manifest.csv.
        new_photos: kept by this run.
        refused: photos that are named by a product and are no pictures within the limits, over all runs.
        failed: pages and photos that could not be read in this run.
        forbidden: pages and photos that robots.txt forbids, in this run.
        starts: start address to the reason why nothing could be read there.
        hosts: host to requests made, robots.txt included.
        ended: why the run ended before everything was read: ``pages``, ``photos`` or ``seconds`` (a limit), ``stopped``
            (a signal); empty where everything was read.
    """

    pages: int = 0
    products: int = 0
    photos: int = 0
    new_photos: int = 0
    refused: int = 0
    failed: int = 0
    forbidden: int = 0
    starts: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, int] = field(default_factory=dict)
    ended: str = ""

    @property
    def exit_code(self) -> int:
        """0 when all went well, 3 when a page or photo failed or no product was found, 130 when stopped."""
        if self.ended == "stopped":
            return 130
        return 3 if self.starts or self.refused or self.failed or not self.products else 0

    def words(self, out: Path) -> str:
        """For a person: what the folder `out` has now."""
        hosts = ", ".join(f"{host} {count:,}" for host, count in self.hosts.items())
        return (
            f"{counted(self.products, 'product')}, {counted(self.photos, 'photo')} ({self.new_photos:,} new) from "
            f"{counted(self.pages, 'page')}; "
            f"{counted(self.refused, 'photo')} refused, {counted(self.failed, 'request')} failed, "
            f"{self.forbidden:,} forbidden by robots.txt\n"
            f"requests: {hosts or 'none'}\nmanifest: {out / 'manifest.csv'}"
        )

    def advice(self, job: Job) -> list[str]:
        """What a person should know or do after this job; nothing where all went well."""
        lines = [f"nothing was read from {url}: {reason}" for url, reason in self.starts.items()]
        forbidden = [url for url, reason in self.starts.items() if reason.startswith("robots.txt")]
        if not self.products and len(forbidden) == len(job.starts):
            lines.append("robots.txt forbids all of it: ask the shop for its permission or for an export")
        elif not self.products and self.ended != "stopped":
            lines.append(
                f"no products found on {counted(self.pages, 'page')}: name a product page or the shop's sitemap, or "
                "raise --depth; products are told by schema.org data in JSON-LD or microdata, or by --selectors"
            )
        if option := _LIMITS.get(self.ended):
            lines.append(f"ended by {option}; repeat the command with more to go on")
        elif self.ended == "stopped":
            lines.append("stopped; repeat the command to go on")
        return lines
