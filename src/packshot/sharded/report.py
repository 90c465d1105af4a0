"""``report.html`` and its pages, written while the manifest is: memory holds one page and a few samples."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from packshot.batch.outputs import thumbnail_path
from packshot.batch.profile_folders import PACKSHOTS
from packshot.records import Record
from packshot.storage.objects import ObjectFolder
from packshot.web.paged_report import PageLink, PhotoTile, index_page, photos_page

__all__ = ["PagedReport"]

REPORT = "report.html"
_PAGE = 500
_SAMPLES = 12
_HTML = "text/html; charset=utf-8"


class PagedReport:
    """Takes photos in the order of their names.

    Args:
        folder: the output folder.
    """

    def __init__(self, folder: ObjectFolder) -> None:
        self._folder = folder
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
        samples = {reason: (number, self._samples[reason]) for reason, number in self._reasons.most_common()}
        self._folder.write(REPORT, index_page(total, statuses, samples, self._pages).encode(), content_type=_HTML)

    def _flush(self) -> None:
        if not self._tiles:
            return
        number = len(self._pages) + 1
        address = f"report/{number:06}.html"
        self._folder.write(address, photos_page(self._tiles, number).encode(), content_type=_HTML)
        self._pages.append(PageLink(address, self._tiles[0].name, self._tiles[-1].name))
        self._tiles.clear()
