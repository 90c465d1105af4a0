"""Which requests leave at all: every one passes here, also after a redirect."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

from scrapy.exceptions import IgnoreRequest

from packshot.addresses import split_address
from packshot.collecting.job import host_of, same_site
from packshot.collecting.resolver import REFUSED

__all__ = ["Guard", "Refused", "private_address"]


class Refused(IgnoreRequest):
    """A request that packshot does not make; says why, and the way out."""


class Guard:
    """Scrapy middleware: only http and https, only the hosts that were named, no private address.

    Photos may also come from the hosts that a product names for them. A robots.txt may be asked for everywhere.

    Attributes:
        asked: requests by host.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self.asked: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Let a request pass, or refuse it.

        Raises:
            Refused: it may not be made.
        """
        parts, host, spider = split_address(request.url), host_of(request.url), self._crawler.spider
        kind = request.meta["kind"]
        if spider.crawl_stats.broken:
            raise Refused("the run is ending")
        if parts is None or parts.scheme not in {"http", "https"} or not host:
            scheme = "" if parts is None else parts.scheme
            raise Refused(f"{scheme or 'no'} address: expected http or https")
        if parts.username is not None:
            raise Refused("the address carries a user name: only pages without a login are read")
        known = spider.job.may_read(host) or kind == "robots"
        if not known and not (kind == "photo" and any(same_site(host, named) for named in spider.downloads.hosts)):
            raise Refused(f"{host} is another host: name it with --allow-host {host}")
        if host in REFUSED:
            raise Refused(private_address(host, spider.job.may_read(host)))
        # A redirect takes the waiting line of the host it came from along: every host has its own.
        request.meta.pop("download_slot", None)
        self.asked[host] += 1


def private_address(host: str, named: bool) -> str:
    """Why a host was not connected to.

    Args:
        host: of which `REFUSED` holds the address.
        named: a person named the host, so that --allow-private would open it.
    """
    remedy = "pass --allow-private where that is meant" if named else "packshot never goes there on a page's word"
    return f"{host} has the private address {REFUSED[host]}: {remedy}"
