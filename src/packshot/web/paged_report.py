"""The report of a run of any size: a page of totals that links to pages of some hundred photos each; no page grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packshot.web.rendering import render

__all__ = ["PageLink", "PhotoTile", "index_page", "photos_page"]


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
    return render("paged_report.html.jinja", total=total, statuses=statuses, samples=samples, pages=pages)


def photos_page(tiles: Sequence[PhotoTile], number: int) -> str:
    """Some hundred photos; the page lies in a folder below the output folder.

    Args:
        tiles: the photos.
        number: of the page, from 1.
    """
    return render("paged_report_photos.html.jinja", tiles=tiles, number=number)
