"""The photos of products: which to ask for, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy.http import Request

from packshot.addresses import split_address
from packshot.collecting.crawl_stats import CrawlStats, short
from packshot.collecting.job import Job, host_of
from packshot.collecting.journal import Journal
from packshot.collecting.photos import keep_photo
from packshot.collecting.products import Product
from packshot.errors import OutputError, PhotoError

__all__ = ["Downloads"]

_BEFORE_PAGES = 10


class Downloads:
    """Every photo is asked for once in a run, and never again once it is kept or refused.

    Args:
        job: what is collected.
        journal: what is there already.
        crawl_stats: told of everything.

    Attributes:
        hosts: that products name for their photos.
    """

    def __init__(self, job: Job, journal: Journal, crawl_stats: CrawlStats) -> None:
        self._job, self._journal, self._stats = job, journal, crawl_stats
        self.hosts: set[str] = set()
        self._asked: set[str] = set()
        self._under_way = 0

    def of(self, product: Product) -> Iterator[Request]:
        """Requests for a product's photos that are not there and not under way."""
        for url in product.images:
            if url in self._asked or url in self._journal.kept or url in self._journal.refused:
                continue
            if len(self._journal.kept) + self._under_way >= self._job.max_photos:
                self._stats.ended = self._stats.ended or "photos"
                return
            self._asked.add(url)
            request = self._request(url, product.group)
            if request is None:
                self._stats.refuse(url, "only http and https addresses are asked for")
            else:
                self.hosts.add(host_of(url))
                self._under_way += 1
                yield request

    def _request(self, url: str, group: str) -> Request | None:
        try:
            parts = split_address(url)
            if parts is None or parts.scheme not in {"http", "https"} or not host_of(url):
                return None
            return Request(
                url,
                callback=self.keep,
                errback=self.fail,
                cb_kwargs={"url": url, "group": group},
                meta={"kind": "photo", "download_maxsize": self._job.limits.max_file_bytes},
                priority=_BEFORE_PAGES,
                dont_filter=True,
            )
        except ValueError:
            return None

    def keep(self, response: Any, url: str, group: str) -> None:
        """Keep a photo, or say why not."""
        self._under_way -= 1
        job, journal = self._job, self._journal
        try:
            path = keep_photo(
                response.body, url=short(url), group=group, out=job.out, limits=job.limits, kept=journal.contents
            )
            journal.add_photo(url, path)
        except PhotoError as error:
            self._stats.refuse(url, str(error))
        except OutputError as error:
            self._stats.end_broken(error)
        else:
            self._stats.photo(url)

    def fail(self, failure: Any) -> None:
        """Name a photo that could not be had; the next run asks again, unless it is too large."""
        self._under_way -= 1
        request, error = failure.request, failure.value
        url = request.cb_kwargs["url"]
        if type(error).__name__ == "DownloadCancelledError":
            limit = self._job.limits.max_file_megabytes
            self._stats.refuse(url, f"it has more than {limit:g} MB: raise PACKSHOT_LIMITS__MAX_FILE_MEGABYTES")
            return
        reason = self._stats.reason(error, request.url)
        self._journal.missing[url] = reason
        self._stats.fail(url, reason, error)
