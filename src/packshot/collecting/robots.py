"""robots.txt, obeyed for every page, sitemap and photo on every host.

Source: RFC 9309 (2022). Where the file is missing (4xx) all is allowed; where it cannot be had (5xx, 429, no answer)
nothing is, while Scrapy's own middleware allows all. ``Crawl-delay``, which the RFC leaves out, is heeded too.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from packshot.addresses import join_address
from packshot.collecting.guard import Refused
from packshot.collecting.job import ROBOT, host_of
from packshot.collecting.resolver import REFUSED

__all__ = ["Forbidden", "Robots"]

_MAX_BYTES = 5_000_000  # the RFC asks for at least 500 KiB


class Forbidden(IgnoreRequest):
    """robots.txt forbids a request."""


class Robots:
    """Scrapy middleware: each host's robots.txt is read once, before anything else there."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._files: dict[str, asyncio.Task[Protego | str]] = {}
        self._delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Any) -> None:
        """Let a request pass, or refuse it.

        Raises:
            Forbidden: robots.txt forbids it.
            Refused: robots.txt cannot be had.
        """
        if request.meta["kind"] == "robots":
            return
        rules = await self._rules(request.url)
        if isinstance(rules, str):
            raise Refused(rules)
        if not rules.can_fetch(request.url, ROBOT):
            raise Forbidden(f"robots.txt of {host_of(request.url)} forbids it")
        host = host_of(request.url)
        if host in self._delays:
            self._slow_down(host, self._delays[host])
            request.meta["autothrottle_dont_adjust_delay"] = True

    async def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of an address's host names."""
        rules = await self._rules(url)
        named = () if isinstance(rules, str) else rules.sitemaps
        return [where for line in named if (where := join_address(url, line)) is not None]

    async def _rules(self, url: str) -> Protego | str:
        where = join_address(url, "/robots.txt")
        if where is None:
            return f"{url} is no address"
        if where not in self._files:
            self._files[where] = asyncio.ensure_future(self._read(where))
        return await asyncio.shield(self._files[where])

    async def _read(self, where: str) -> Protego | str:
        """The rules, or the reason why nothing is allowed."""
        meta = {"kind": "robots", "download_maxsize": _MAX_BYTES}
        try:
            response = await self._crawler.engine.download_async(Request(where, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # whatever the network does
            host, reason = host_of(where), self._crawler.spider.crawl_stats.reason(error, where)
            return reason if host in REFUSED else f"{where} cannot be had ({reason}), so nothing may be asked there"
        if response.status >= 500 or response.status == 429:
            return f"{where} answers {response.status}, so nothing may be asked there: try again later"
        text = response.body.decode("utf-8", "replace") if response.status < 300 else ""
        rules = Protego.parse(text.removeprefix("\ufeff"))
        delay = rules.crawl_delay(ROBOT)
        if delay and delay > 1 / self._crawler.spider.job.rate:
            self._delays[host_of(where)] = float(delay)
        return rules

    def _slow_down(self, host: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": delay}  # for a slot that is yet to be opened
        if host in downloader.slots:
            downloader.slots[host].delay = max(delay, downloader.slots[host].delay)
