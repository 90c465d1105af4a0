"""The crawl's own process: a job on standard input, what happens on standard output, one JSON object a line.

Twisted's event loop runs once in a process and takes its signals; `packshot.collecting.process` therefore starts this
one, and ends it by closing its standard input, be it on purpose or by being killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from packshot.collecting.crawl_stats import CrawlStats
from packshot.collecting.guard import Guard
from packshot.collecting.job import Job
from packshot.collecting.journal import Journal
from packshot.collecting.outputs import write_outputs
from packshot.collecting.photos import FOLDER
from packshot.collecting.resolver import REFUSED
from packshot.collecting.result import Collected
from packshot.collecting.spider import ShopSpider
from packshot.errors import PackshotError
from packshot.storage.atomic import remove_stale
from packshot.storage.lock import folder_lock

__all__ = ["main", "settings"]

_MAX_REDIRECTS = 5
_PER_HOST = 2


def settings(job: Job) -> dict[str, object]:
    """Scrapy's settings for a job: polite, bounded, and without its consoles, logs, cookies and other protocols."""
    return {
        "PACKSHOT_JOB": job,
        "USER_AGENT": job.user_agent,
        "DOWNLOADER_MIDDLEWARES": {
            "packshot.collecting.guard.Guard": 50,
            "packshot.collecting.robots.Robots": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        },
        "TWISTED_DNS_RESOLVER": "packshot.collecting.resolver.PublicResolver",
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_DELAY": 1 / job.rate,
        "DOWNLOAD_DELAY_JITTER": 0,  # the rate is a promise, not a mean
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 1 / job.rate,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": _PER_HOST,
        "CONCURRENT_REQUESTS": 2 * _PER_HOST,
        "CONCURRENT_REQUESTS_PER_DOMAIN": _PER_HOST,
        "DOWNLOAD_TIMEOUT": job.timeout_s,
        "DOWNLOAD_WARNSIZE": 0,
        "RETRY_TIMES": 2,
        "REDIRECT_MAX_TIMES": _MAX_REDIRECTS,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names itself, past PublicResolver
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
    }


def main() -> None:
    """Read the job, do it, and write what came of it."""
    job = Job.model_validate_json(sys.stdin.buffer.readline())
    try:
        with folder_lock(job.out).hold():
            remove_stale(job.out, below=[FOLDER])
            with Journal(job.out) as journal:
                crawl_stats = CrawlStats(job, journal, lambda what: _say({"happening": asdict(what)}))
                hosts = _crawl(job, journal, crawl_stats)
                products, photos = write_outputs(journal, job.out)
        if crawl_stats.broken:
            raise crawl_stats.broken
    except PackshotError as error:
        _say({"error": error.code, "message": error.message, "remedy": error.remedy})
        return
    result = Collected(
        pages=len(journal.pages),
        products=products,
        photos=photos,
        new_photos=crawl_stats.photos,
        refused=len(journal.refused),
        failed=crawl_stats.failed,
        forbidden=crawl_stats.forbidden,
        starts=crawl_stats.starts,
        hosts=hosts,
        ended=crawl_stats.ended,
    )
    _say({"collected": asdict(result)})


def _crawl(job: Job, journal: Journal, crawl_stats: CrawlStats) -> dict[str, int]:
    """Crawl to the end; host to requests made."""
    process = AsyncCrawlerProcess(settings(job), install_root_handler=False)
    crawler = process.create_crawler(ShopSpider)
    task = process.crawl(crawler, job=job, journal=journal, crawl_stats=crawl_stats)
    loop = asyncio.get_event_loop()
    loop.call_later(job.max_seconds, lambda: _stop(crawler, "seconds"))
    threading.Thread(target=_await_end, args=(loop, crawler), daemon=True).start()
    process.start(install_signal_handlers=False)
    task.result()  # raises what broke the crawl
    asked = crawler.get_downloader_middleware(Guard).asked
    return {host: count for host, count in sorted(asked.items()) if host not in REFUSED}


def _await_end(loop: asyncio.AbstractEventLoop, crawler: Any) -> None:
    """Stop the crawl when standard input is closed: nobody is left to crawl for."""
    os.read(0, 1)
    loop.call_soon_threadsafe(_stop, crawler, "stopped")


def _stop(crawler: Any, reason: str) -> None:
    if crawler.spider is not None and crawler.crawling:
        crawler.spider.stop(reason)


def _say(line: Mapping[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):  # the command was killed; standard input tells that, too
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
