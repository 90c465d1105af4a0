"""``report.html``, its pages and its search, written while the manifest is: memory holds one page and a few samples."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from packshot.batch.outputs import thumbnail_path
from packshot.batch.profile_folders import PACKSHOTS
from packshot.errors import ObjectExists
from packshot.records import Record
from packshot.sharded.search_table import SearchTable
from packshot.storage.objects import ObjectFolder
from packshot.web.paged_report import (
    FoundPhoto,
    PageLink,
    PhotoTile,
    contents_page,
    duplicates_missing,
    index_page,
    photos_page,
)

__all__ = ["DUPLICATES_PAGE", "PagedReport", "link_pages"]

REPORT = "report.html"
DUPLICATES_PAGE = "report/duplicates.html"
_PAGE = 500
_LINKS = 200
_SAMPLES = 12
_HTML = "text/html; charset=utf-8"


class PagedReport:
    """Takes photos in the order of their names.

    Args:
        folder: the output folder.
        scratch: folder on this machine's disk.
    """

    def __init__(self, folder: ObjectFolder, scratch: Path) -> None:
        self._folder = folder
        self._search = SearchTable(folder, scratch)
        self._tiles: list[PhotoTile] = []
        self._pages: list[PageLink] = []
        self._samples: dict[str, list[PhotoTile]] = {}
        self._reasons: Counter[str] = Counter()

    def add(self, stem: str, record: Record, written: set[str]) -> None:
        """One more photo.

        Args:
            stem: where its results lie.
            record: its line of the manifest.
            written: paths of its objects.
        """
        thumbnails = (thumbnail_path(stem, which) for which in ("before", PACKSHOTS))
        before, after = (quote(path) if path in written else "" for path in thumbnails)
        reasons = record.review if record.error is None else (record.error.code,)
        words = record.error.message if record.error is not None else ", ".join((record.status.value, *reasons))
        tile = PhotoTile(record.source, words, before, after)
        self._tiles.append(tile)
        about = " ".join((record.status.value, *reasons, record.sku or ""))
        place = f"{_page_address(len(self._pages) + 1)}#p{len(self._tiles)}"
        self._search.add(FoundPhoto(record.source, words, place, about))
        for reason in reasons:
            self._reasons[reason] += 1
            kept = self._samples.setdefault(reason, [])
            if len(kept) < _SAMPLES:
                kept.append(tile)
        if len(self._tiles) == _PAGE:
            self._flush()

    def finish(self, total: int, statuses: Counter[str]) -> None:
        """Write what is left, and the page of totals last."""
        self._flush()
        self._search.finish()
        samples = {reason: (number, self._samples[reason]) for reason, number in self._reasons.most_common()}
        self._write(REPORT, index_page(total, statuses, samples, link_pages(self._pages, "contents", self._write)))
        with contextlib.suppress(ObjectExists):
            self._folder.create(DUPLICATES_PAGE, duplicates_missing(str(self._folder.uri)).encode())

    def _flush(self) -> None:
        if not self._tiles:
            return
        number = len(self._pages) + 1
        address = _page_address(number)
        self._write(address, photos_page(self._tiles, number))
        self._pages.append(PageLink(address, self._tiles[0].name, self._tiles[-1].name))
        self._tiles.clear()

    def _write(self, path: str, page: str) -> None:
        self._folder.write(path, page.encode(), content_type=_HTML)


def _page_address(number: int) -> str:
    return f"report/{number:06}.html"


def link_pages(pages: Sequence[PageLink], name: str, write: Callable[[str, str], None]) -> Sequence[PageLink]:
    """What a page of totals links to: the pages, or pages of links to them where there are too many.

    Args:
        pages: in their order.
        name: begins the names of pages of links, in ``report/``.
        write: writes a page: its address, and its content.
    """
    if len(pages) <= _LINKS:
        return pages
    links: list[PageLink] = []
    for start in range(0, len(pages), _LINKS):
        some = pages[start : start + _LINKS]
        address = f"report/{name}-{len(links) + 1:04}.html"
        write(address, contents_page(some, len(links) + 1))
        links.append(PageLink(address, some[0].first, some[-1].last))
    return links
