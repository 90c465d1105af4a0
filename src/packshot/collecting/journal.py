"""What a folder holds already: one appended line for each page read and each photo kept or refused."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from packshot.closing import Closing
from packshot.collecting.products import Product
from packshot.storage.lock import STATE_FOLDER
from packshot.storage.log import AppendOnlyLog

__all__ = ["Journal", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read.

    Attributes:
        url: its address.
        depth: links between a start and it.
        read: when, as ISO 8601 in UTC.
        products: what it sells.
        links: pages that were first found on it.
    """

    url: str
    depth: int
    read: str
    products: tuple[Product, ...] = ()
    links: tuple[str, ...] = ()


class Journal(Closing):
    """Pages and photos on disk; a killed run loses at most the line it was writing.

    Args:
        out: the output folder, which the caller holds locked.

    Attributes:
        pages: by address.
        kept: address of a photo to its path below the output folder.
        contents: the name of a kept file, which is that of its content, to its path.
        refused: address of a photo to the reason why it was not kept.
        missing: address of a photo to the reason why this run did not get it; the next one asks again.

    Raises:
        OutputError: it cannot be opened or written.
    """

    def __init__(self, out: Path) -> None:
        self.pages: dict[str, Page] = {}
        self.kept: dict[str, str] = {}
        self.contents: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self._log = AppendOnlyLog(out / STATE_FOLDER / "collected.jsonl")
        for _, line in self._log:
            try:
                self._take(json.loads(line), out)
            except (ValueError, KeyError, TypeError):
                continue  # damaged

    def close(self) -> None:
        """Let go of the file."""
        self._log.close()

    def add_page(self, page: Page) -> None:
        """Remember a page."""
        self.pages[page.url] = page
        self._log.append({"page": asdict(page)}, sync=False)

    def add_photo(self, url: str, path: str) -> None:
        """Remember a photo that lies at `path`."""
        self.kept[url] = self.contents[PurePosixPath(path).stem] = path
        self._log.append({"photo": url, "path": path}, sync=False)

    def add_refused(self, url: str, reason: str) -> None:
        """Remember a photo that need not be asked for again."""
        self.refused[url] = reason
        self._log.append({"refused": url, "reason": reason}, sync=False)

    def _take(self, line: dict[str, Any], out: Path) -> None:
        if "page" in line:
            stated = line["page"]
            products = tuple(Product(**{**each, "images": tuple(each["images"])}) for each in stated["products"])
            page = Page(**{**stated, "products": products, "links": tuple(stated["links"])})
            self.pages[page.url] = page
        elif "photo" in line:
            if (out / line["path"]).is_file():
                self.kept[line["photo"]] = self.contents[PurePosixPath(line["path"]).stem] = line["path"]
        else:
            self.refused[line["refused"]] = line["reason"]
