"""The report of a run of any size: a page of totals and search, and pages of some hundred photos each; no page grows.

The search reads tables beside the page (`search_file`), as scripts: a page on a disk may load nothing else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packshot.web.rendering import render

__all__ = [
    "SEARCH",
    "FoundPhoto",
    "GroupTiles",
    "PageLink",
    "PhotoTile",
    "contents_page",
    "duplicates_index",
    "duplicates_missing",
    "duplicates_page",
    "index_page",
    "photos_page",
    "search_file",
    "words_of",
]

#: Folder of the search's tables, below the output folder.
SEARCH = "report/search"


@dataclass(frozen=True, slots=True)
class PhotoTile:
    """One photo of a page.

    Attributes:
        name: of the photo.
        words: what became of it.
        before: address of its thumbnail, relative to the output folder; empty where there is none.
        after: the same of its picture.
    """

    name: str
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo as a search shows it.

    Attributes:
        name: of the photo.
        words: what became of it.
        address: where it stands, relative to the output folder.
        about: further words it is found by.
    """

    name: str
    words: str
    address: str
    about: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of photos.

    Attributes:
        address: relative to the output folder.
        first: name of its first photo.
        last: name of its last photo.
    """

    address: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class GroupTiles:
    """A group of duplicates on a page.

    Attributes:
        number: of the group, from 1.
        photos: how many it has.
        tiles: some of them, the best copy first.
    """

    number: int
    photos: int
    tiles: Sequence[PhotoTile]


def index_page(
    total: int,
    statuses: Mapping[str, int],
    samples: Mapping[str, tuple[int, Sequence[PhotoTile]]],
    pages: Sequence[PageLink],
) -> str:
    """Totals, reasons with samples, and where each photo is found.

    Args:
        total: photos.
        statuses: how many came to what.
        samples: reason to how many photos it is of, and some of them.
        pages: in the order of the photos' names.
    """
    return render(
        "paged_report.html.jinja",
        total=total,
        statuses=statuses,
        samples=samples,
        pages=pages,
        page_scripts=["paged_report.js"],
    )


def contents_page(pages: Sequence[PageLink], number: int) -> str:
    """Links to some hundred pages, where there are too many for the page of totals; it lies in ``report/``.

    Args:
        pages: in the order of the photos' names.
        number: of this page, from 1.
    """
    return render("paged_report_contents.html.jinja", pages=pages, number=number)


def words_of(text: str) -> list[str]:
    """The words a photo is found by, as the page's own script tells them.

    Example:
        >>> words_of("shop/Käfer_12-B.jpg")
        ['shop', 'käfer', '12', 'b', 'jpg']
    """
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower())


def search_file(name: str, content: object) -> str:
    """A table of the search, or its directory, as the script that the page loads.

    Args:
        name: of the file, without suffix.
        content: plain values; a table's rows are word, name, words, address and further words.
    """
    return f"packshotSearch({json.dumps(name)}, {json.dumps(content)});\n"


def photos_page(tiles: Sequence[PhotoTile], number: int) -> str:
    """Some hundred photos; the page lies in a folder below the output folder.

    Args:
        tiles: the photos.
        number: of the page, from 1.
    """
    return render("paged_report_photos.html.jinja", tiles=tiles, number=number)


def duplicates_missing(run: str) -> str:
    """The page in the place of the duplicates, as long as nobody looked for them; it lies in ``report/``.

    Args:
        run: URI of the output folder.
    """
    return render("paged_report_duplicates.html.jinja", run=run, pages=())


def duplicates_index(total: int, groups: int, copies: int, pages: Sequence[PageLink]) -> str:
    """How many duplicates there are, and where; the page lies in ``report/``.

    Args:
        total: photos that were compared.
        groups: of duplicates.
        copies: photos beside the best of each group.
        pages: of groups, in their order.
    """
    return render(
        "paged_report_duplicates.html.jinja", run=None, total=total, groups=groups, copies=copies, pages=pages
    )


def duplicates_page(groups: Sequence[GroupTiles], number: int) -> str:
    """Some groups; the page lies in ``report/``.

    Args:
        groups: of duplicates.
        number: of the page, from 1.
    """
    return render("paged_report_groups.html.jinja", groups=groups, number=number)
