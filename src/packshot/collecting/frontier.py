"""The pages and sitemaps that are known and yet to be read, the most promising first."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import Literal

from w3lib.url import canonicalize_url

__all__ = ["Frontier", "Task"]

_MAX_KNOWN = 200_000
_MAX_SITEMAPS = 1000
_PROMISING = re.compile(r"product|produkt|/p/|/dp/|/item", re.IGNORECASE)
_NO_PAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|pdf|zip|mp4|webm|woff2?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """Something to read.

    Attributes:
        rank: smaller ones come first.
        number: the order of finding, among equals.
        url: its address, without a fragment.
        depth: links between a start and it.
        kind: a start may turn out to be either.
    """

    rank: tuple[int, int]
    number: int
    url: str
    depth: int
    kind: Literal["start", "page", "sitemap"]


class Frontier:
    """Every address at most once.

    Order: starts, pages that a sitemap names, sitemaps, linked pages; within each, addresses that sound like products
    first. A large shop's sitemaps are thus opened one by one, as the pages run out.
    """

    def __init__(self) -> None:
        self._heap: list[Task] = []
        self._known: set[str] = set()
        self._sitemaps = 0

    def __bool__(self) -> bool:
        return bool(self._heap)

    def add(
        self, url: str, *, depth: int, kind: Literal["start", "page", "sitemap"], listed: bool = False
    ) -> str | None:
        """Put an address in line, unless it is known.

        Args:
            url: absolute, http or https.
            depth: links between a start and it.
            kind: what it is.
            listed: a sitemap names it.

        Returns:
            The address without its fragment where it is new, else None.
        """
        url = url.partition("#")[0]
        key = _key(url)
        if key is None or key in self._known or len(self._known) >= _MAX_KNOWN:
            return None
        if kind == "sitemap":
            if self._sitemaps >= _MAX_SITEMAPS:
                return None
            self._sitemaps += 1
        elif kind == "page" and _NO_PAGE.search(url.partition("?")[0]):
            return None
        self._known.add(key)
        band = 0 if kind == "start" else 2 if kind == "sitemap" else 1 if listed else 3 + depth
        rank = (band, 0 if _PROMISING.search(url) else 2 if "?" in url else 1)
        heapq.heappush(self._heap, Task(rank, len(self._known), url, depth, kind))
        return url

    def know(self, url: str) -> bool:
        """Take an address for done.

        Returns:
            Whether it was in line, or done, before.
        """
        key = _key(url)
        known = key is None or key in self._known
        if key is not None:
            self._known.add(key)
        return known

    def take(self) -> Task:
        """The next task.

        Raises:
            IndexError: there is none.
        """
        return heapq.heappop(self._heap)


def _key(url: str) -> str | None:
    if not url.startswith(("http://", "https://")) or len(url) > 2000:
        return None
    try:
        return str(canonicalize_url(url))
    except ValueError:
        return None
