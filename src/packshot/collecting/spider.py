"""The crawl itself: starts, sitemaps and links lead to pages, pages to products, products to photos."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import scrapy
from scrapy.http import Request, TextResponse

from packshot.addresses import split_address
from packshot.collecting.crawl_stats import CrawlStats
from packshot.collecting.downloads import Downloads
from packshot.collecting.frontier import Frontier, Task
from packshot.collecting.job import Job, host_of
from packshot.collecting.journal import Journal, Page
from packshot.collecting.microdata import microdata
from packshot.collecting.products import Product, products_on
from packshot.collecting.robots import Robots
from packshot.collecting.selector_file import selected_products
from packshot.collecting.sitemaps import MAX_SITEMAP_BYTES, Sitemap, read_sitemap
from packshot.errors import LimitExceeded, OutputError

__all__ = ["ShopSpider"]

_MAX_PAGE_BYTES = 10_000_000
_BASE = re.compile(rb"<base\b[^>]*>", re.IGNORECASE)
_AT_ONCE = 4  # pages and sitemaps under way; their hosts' own limits come on top


class ShopSpider(scrapy.Spider):
    """One run into one folder.

    Args:
        job: what to collect.
        journal: what is there already.
        crawl_stats: told of everything.

    Attributes:
        downloads: of photos.
    """

    name = "packshot"

    def __init__(self, job: Job, journal: Journal, crawl_stats: CrawlStats) -> None:
        super().__init__()
        self.job, self.crawl_stats = job, crawl_stats
        self.downloads = Downloads(job, journal, crawl_stats)
        self._journal = journal
        self._earlier = [] if job.refresh else list(journal.pages.values())
        self._read = {page.url for page in self._earlier}
        self._frontier = Frontier()
        self._pages_under_way = self._busy = 0  # busy: with pages and sitemaps

    async def start(self) -> AsyncIterator[Any]:
        """The first requests: photos an earlier run did not come to, then the starts and what was found since."""
        for page in self._earlier:
            self._frontier.know(page.url)
        for page in self._earlier:
            for link in page.links:
                self._frontier.add(link, depth=page.depth + 1, kind="page")
            for product in page.products:
                for request in self.downloads.of(product):
                    yield request
        for url in self.job.starts:
            if self._frontier.add(url, depth=0, kind="start") is None:
                await self._add_sitemaps(url)
        for request in self._next():
            yield request

    def _next(self) -> Iterator[Request]:
        """As many requests for pages as may be under way."""
        while self._busy < _AT_ONCE and self._frontier and not self.crawl_stats.ended:
            if len(self._read) + self._pages_under_way >= self.job.max_pages:
                if not self._pages_under_way:
                    self.crawl_stats.ended = "pages"
                return
            task = self._frontier.take()
            self._busy += 1
            self._pages_under_way += task.kind != "sitemap"
            size = MAX_SITEMAP_BYTES if task.kind != "page" else _MAX_PAGE_BYTES
            yield Request(
                task.url,
                callback=self.parse_task,
                errback=self.task_failed,
                cb_kwargs={"task": task},
                meta={"kind": "page", "download_maxsize": size},
                dont_filter=True,
            )

    async def parse_task(self, response: Any, task: Task) -> AsyncIterator[Any]:
        """What a page or sitemap leads to."""
        try:
            sitemap = read_sitemap(response.body) if task.kind != "page" else None
            if sitemap is not None:
                self._add_pages(sitemap)
            elif isinstance(response, TextResponse):
                for request in self._read_page(_without_broken_base(response), task):
                    yield request
            else:
                self._fail(task, "it is no web page")
        except LimitExceeded as error:
            self._fail(task, str(error))
        except OutputError as error:
            self.crawl_stats.end_broken(error)
        except Exception as error:  # one page's surprise must not take the others along
            self._fail(task, self.crawl_stats.reason(error, response.url), error)
        async for request in self._done(task):
            yield request

    async def task_failed(self, failure: Any) -> AsyncIterator[Any]:
        """Name a page that could not be read, and go on."""
        task: Task = failure.request.cb_kwargs["task"]
        self._fail(task, self.crawl_stats.reason(failure.value, failure.request.url), failure.value)
        async for request in self._done(task):
            yield request

    def _fail(self, task: Task, reason: str, error: Any = None) -> None:
        if task.kind == "start":
            self.crawl_stats.starts[task.url] = reason
        self.crawl_stats.fail(task.url, reason, error)

    async def _done(self, task: Task) -> AsyncIterator[Any]:
        self._busy -= 1
        self._pages_under_way -= task.kind != "sitemap"
        if task.kind == "start":
            await self._add_sitemaps(task.url)
        for request in self._next():
            yield request

    async def _add_sitemaps(self, start: str) -> None:
        """Where a start is a shop's front page, what its robots.txt names is the shop's own list of pages."""
        parts = split_address(start)
        if self.job.depth and parts is not None and parts.path in {"", "/"}:
            for url in await self.crawler.get_downloader_middleware(Robots).sitemaps(start):
                self._frontier.add(url, depth=0, kind="sitemap")

    def _add_pages(self, sitemap: Sitemap) -> None:
        for url in sitemap.sitemaps:
            self._frontier.add(url, depth=0, kind="sitemap")
        for url in sitemap.pages:
            if self.job.may_read(host_of(url)):
                # Whoever publishes a list of pages need not have them searched for more.
                self._frontier.add(url, depth=self.job.depth, kind="page", listed=True)

    def _read_page(self, response: TextResponse, task: Task) -> Iterator[Request]:
        # A page that was only another address of one in line is read there.
        twice = self._frontier.know(response.url) and response.url.partition("#")[0] != task.url
        products, links = ([], []) if twice else self._found(response, task)
        read = datetime.now(UTC).isoformat(timespec="seconds")
        self._read.add(task.url)
        self._journal.add_page(Page(task.url, task.depth, read, tuple(products), tuple(links)))
        self.crawl_stats.page(task.url)
        for product in products:
            yield from self.downloads.of(product)

    def _found(self, response: TextResponse, task: Task) -> tuple[list[Product], list[str]]:
        """A page's products, and the pages first found on it."""
        blocks = response.xpath(r'//script[re:test(@type, "ld\+json", "i")]').xpath("string(.)").getall()
        base = response.urljoin("")
        products, entries = products_on(response.url, blocks, items=microdata(response.selector.root), base=base)
        selectors = self.job.selectors
        if selectors is not None:
            shown = selectors.product and selected_products(response.url, response, selectors.product, base=base)
            products = [selectors.labelled(product) for product in shown or products]
        links = []
        if task.depth < self.job.depth:
            anchors = response.xpath("//a[@href][not(contains(@rel, 'nofollow'))]/@href").getall()
            for url in [*entries, *(_joined(response, each) for each in anchors)]:
                if self.job.may_read(host_of(url)):
                    links.append(self._frontier.add(url, depth=task.depth + 1, kind="page"))
        return products, [link for link in links if link]

    def stop(self, reason: str) -> None:
        """Finish what is under way, and end."""
        self.crawl_stats.ended = self.crawl_stats.ended or reason
        self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))


def _without_broken_base(response: TextResponse) -> TextResponse:
    """A page whose ``<base>`` is an address, or that has none: Scrapy reads no other."""
    try:
        response.urljoin("")
    except ValueError:
        return cast(TextResponse, response.replace(body=_BASE.sub(b"", response.body)))
    return response


def _joined(response: TextResponse, href: str) -> str:
    """Where a link leads; empty where that is no address."""
    try:
        return str(response.urljoin(href.strip()))
    except ValueError:
        return ""
