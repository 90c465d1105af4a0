"""A contact sheet of searches: each query with its hits, read back from their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.catalogue.search import SearchResult
from packshot.errors import PackshotError
from packshot.limits import Limits
from packshot.photo import decode, encode
from packshot.storage import write_atomic, write_result
from packshot.values import Rgb
from packshot.web.search_sheet import SheetCell, SheetRow, sheet_html, sheet_png

__all__ = ["SheetRow", "failed_row", "found_row", "write_search_sheet"]


def found_row(query: str, result: SearchResult, *, limits: Limits, photo: str | bytes | None = None) -> SheetRow:
    """A query that was asked, with its hits; a picture that is not at hand any more is left out.

    Args:
        query: name of the photo.
        result: what was found.
        limits: of the decoder.
        photo: path or content of the query's photo; by default `query` is its path.
    """
    hits = tuple(SheetCell(_picture(hit.source, limits), hit.source, hit.score) for hit in result.hits)
    problem = "" if hits else "there is nothing to compare with"
    return SheetRow(
        SheetCell(_picture(query if photo is None else photo, limits), query), hits, match=result.match, problem=problem
    )


def failed_row(query: str, error: PackshotError, *, limits: Limits) -> SheetRow:
    """A query that could not be asked, with the reason."""
    return SheetRow(SheetCell(_picture(query, limits), query), problem=error.message.removeprefix(f"{query}: "))


def write_search_sheet(path: Path, rows: Sequence[SheetRow], *, title: str) -> None:
    """Write the sheet, whole or not at all: a picture if `path` ends in ``.png``, a page otherwise.

    Raises:
        OutputError: it could not be written.
    """
    if path.suffix.lower() == ".png":
        write_result(path, encode(sheet_png(rows), format="PNG").data)
    else:
        write_atomic(path, sheet_html(rows, title=title).encode())


def _picture(source: str | bytes, limits: Limits) -> Rgb | None:
    try:
        return decode(source, limits=limits).rgb
    except PackshotError:
        return None
