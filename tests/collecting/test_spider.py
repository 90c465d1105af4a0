"""What becomes of a page that nobody foresaw."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.event_loop import in_event_loop

pytest.importorskip("scrapy", reason="the extra `collect` is not installed")

from scrapy.http import HtmlResponse

from packshot.collecting import Job
from packshot.collecting.crawl_stats import CrawlStats
from packshot.collecting.frontier import Task
from packshot.collecting.journal import Journal
from packshot.collecting.result import Happening
from packshot.collecting.spider import ShopSpider

PAGES = tuple(f"https://shop.example/p/{number}" for number in range(6))


def test_it_is_named_and_the_next_one_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of a kind that nobody thought of")

    monkeypatch.setattr("packshot.collecting.spider.products_on", broken)
    happened: list[Happening] = []
    with Journal(tmp_path) as journal:
        job = Job(starts=PAGES, out=tmp_path)
        spider = ShopSpider(job, journal, CrawlStats(job, journal, happened.append))

        async def crawl() -> tuple[list[str], list[str]]:
            begun = [request.url async for request in spider.start()]
            odd = HtmlResponse(PAGES[0], body=b"<a href='/p/0'>x</a>", encoding="utf-8")
            after = [request.url async for request in spider.parse_task(odd, Task((0, 0), 0, odd.url, 0, "page"))]
            return begun, after

        begun, after = in_event_loop(crawl)
    assert begun == list(PAGES[:4]), "pages that are read at once"
    assert after == [PAGES[4]]
    assert [(each.kind, each.url) for each in happened] == [("failed", PAGES[0])]
    assert "ZeroDivisionError: of a kind that nobody thought of" in str(happened[0])
