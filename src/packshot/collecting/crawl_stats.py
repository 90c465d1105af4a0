"""What a run did so far: told as it happens, counted for the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from scrapy.exceptions import IgnoreRequest

from packshot.collecting.guard import private_address
from packshot.collecting.job import Job, host_of
from packshot.collecting.journal import Journal
from packshot.collecting.resolver import REFUSED
from packshot.collecting.result import Happening
from packshot.collecting.robots import Forbidden
from packshot.errors import OutputError

__all__ = ["CrawlStats", "short"]


class CrawlStats:
    """One run's counts.

    Args:
        job: what is collected.
        journal: where refused photos are remembered.
        tell: called with everything that happens.

    Attributes:
        photos: kept in this run.
        failed: pages and photos that could not be read.
        forbidden: pages and photos that robots.txt forbids.
        starts: start address to the reason why nothing could be read there.
        ended: why the run ends early, as in `Collected`; ``broken`` where `broken` is the reason.
        broken: the error after which no result could be written.
    """

    def __init__(self, job: Job, journal: Journal, tell: Callable[[Happening], None]) -> None:
        self._job, self._journal, self._tell = job, journal, tell
        self.photos = self.failed = self.forbidden = 0
        self.starts: dict[str, str] = {}
        self.ended = ""
        self.broken: OutputError | None = None

    def page(self, url: str) -> None:
        """A page was read."""
        self._tell(Happening("page", url))

    def photo(self, url: str) -> None:
        """A photo was kept."""
        self.photos += 1
        self._tell(Happening("photo", url))

    def fail(self, url: str, reason: str, error: Any = None) -> None:
        """A page or photo could not be had."""
        if self.broken:
            return  # what was still in line was given up
        kind: Literal["forbidden", "failed"] = "forbidden" if isinstance(error, Forbidden) else "failed"
        setattr(self, kind, getattr(self, kind) + 1)
        self._tell(Happening(kind, short(url), reason))

    def refuse(self, url: str, reason: str) -> None:
        """A photo is none that is kept, and need not be asked for again."""
        try:
            self._journal.add_refused(url, reason)
        except OutputError as error:
            self.end_broken(error)
        self._tell(Happening("refused", short(url), reason))

    def end_broken(self, error: OutputError) -> None:
        """End the run: the next result could not be written either."""
        self.broken, self.ended = self.broken or error, "broken"

    def reason(self, error: Any, url: str) -> str:
        """Why a request failed, in words."""
        host, name = host_of(url), type(error).__name__
        if host in REFUSED:
            return private_address(host, self._job.may_read(host))
        if isinstance(error, IgnoreRequest):
            response = getattr(error, "response", None)
            return str(error) if response is None else f"the server answers {response.status}"
        words = {
            "CannotResolveHostError": f"no host is called {host}",
            "DownloadConnectionRefusedError": f"{host} refuses the connection",
            "DownloadTimeoutError": f"it took more than {self._job.timeout_s:g} seconds",
            "DownloadCancelledError": "it is too large",
            "ResponseDataLossError": "the answer is cut short",
        }
        return words.get(name) or " ".join(f"{name}: {error}".split())[:200]


def short(url: str) -> str:
    """An address that fits on a line."""
    return url if len(url) <= 200 else url[:197] + "..."
