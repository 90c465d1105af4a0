"""What the search leaves in the output folder: the groups as JSON lines, as Parquet, and as pages of the report."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from packshot.duplicates import GroupRow, copy_words
from packshot.sharded.duplicates.photos import KeptPhoto
from packshot.sharded.merging import pieces_of_file
from packshot.sharded.report import DUPLICATES_PAGE, link_pages
from packshot.storage.objects import ObjectFolder
from packshot.web.paged_report import GroupTiles, PageLink, PhotoTile, duplicates_index, duplicates_page

__all__ = ["SHOWN", "FoundGroup", "GroupFiles"]

LINES, TABLE = "duplicates.jsonl", "duplicates.parquet"
_GROUPS = 100  # of a page
SHOWN = 24  # photos of a group that a page shows
_HTML = "text/html; charset=utf-8"


class FoundGroup(GroupRow):
    """A group of a run: a line of the table."""

    group: int
    skus: list[str | None]


class GroupFiles:
    """Takes the groups in their order, and writes the files when all are there; memory holds one page.

    Args:
        folder: the output folder.
        scratch: folder on this machine's disk.
    """

    def __init__(self, folder: ObjectFolder, scratch: Path) -> None:
        self._folder, self._scratch = folder, scratch
        self._tiles: list[GroupTiles] = []
        self._pages: list[PageLink] = []

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as files:
            self._lines = files.enter_context((self._scratch / LINES).open("wb"))
            self._table = files.enter_context(_table(self._scratch / TABLE))
            self._files = files.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def add(self, row: FoundGroup, photos: Sequence[KeptPhoto]) -> None:
        """One more group.

        Args:
            row: its line.
            photos: the first of its photos, as a page shows them; see `SHOWN`.
        """
        self._lines.write(json.dumps(row).encode("ascii") + b"\n")
        self._table(row)
        tiles = [
            PhotoTile(photo.source, _words(photo.sku, kind, score), quote(photo.thumbnail), "")
            for photo, kind, score in zip(photos, row["kinds"], row["scores"], strict=False)
        ]
        self._tiles.append(GroupTiles(row["group"], len(row["members"]), tiles))
        if len(self._tiles) == _GROUPS:
            self._flush()

    def finish(self, *, photos: int, groups: int, copies: int) -> None:
        """Put the files into the bucket, the page that links to the others last.

        Raises:
            OutputError: they cannot be written; those before stay.
        """
        self._flush()
        self._files.close()
        for name, kind in ((LINES, "application/x-ndjson"), (TABLE, "application/vnd.apache.parquet")):
            if (self._scratch / name).exists():
                self._folder.write_stream(name, pieces_of_file(self._scratch / name), content_type=kind)
        links = link_pages(self._pages, "duplicates-contents", self._write)
        self._write(DUPLICATES_PAGE, duplicates_index(photos, groups, copies, links))

    def _flush(self) -> None:
        if self._tiles:
            address = f"report/duplicates-{len(self._pages) + 1:06}.html"
            self._write(address, duplicates_page(self._tiles, len(self._pages) + 1))
            first, last = self._tiles[0].number, self._tiles[-1].number
            self._pages.append(PageLink(address, f"group {first}", f"group {last}"))
            self._tiles = []

    def _write(self, path: str, page: str) -> None:
        self._folder.write(path, page.encode(), content_type=_HTML)


def _words(sku: str | None, kind: str | None, score: float) -> str:
    return ", ".join(filter(None, (copy_words(kind, score) or "best copy", sku)))


@contextlib.contextmanager
def _table(path: Path) -> Iterator[Callable[[FoundGroup], None]]:
    """Writes rows of the Parquet table; nothing where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        yield lambda _: None
        return
    from packshot.sharded.parquet import DUPLICATES_COLUMNS, ParquetTable  # noqa: PLC0415  # needs the extra

    with ParquetTable(path, DUPLICATES_COLUMNS) as table:
        yield table.add
