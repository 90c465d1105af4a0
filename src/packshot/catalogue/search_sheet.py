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

__all__ = ["SearchSheet"]


class SearchSheet:
    """The searches of a sheet, each added as it was asked, and written at the end.

    Args:
        path: of the sheet: a picture if it ends in ``.png``, a page otherwise; None for none, then nothing is kept.
        limits: of the decoder.
    """

    def __init__(self, path: Path | None, limits: Limits) -> None:
        self._path, self._limits = path, limits
        self._rows: list[SheetRow] = []

    def add(self, query: str, result: SearchResult, photo: str | bytes, *, verdict: str = "") -> None:
        """A query that was asked, with its hits; a picture that is not at hand any more is left out.

        Args:
            query: name of the photo.
            result: what was found.
            photo: path or content of the query's photo.
            verdict: in words, such as `PhotoAnswer.verdict`; by default match or no match.
        """
        if self._path is None:
            return
        hits = tuple(SheetCell(_picture(hit.source, self._limits), hit.source, hit.score) for hit in result.hits)
        problem = "" if hits else "there is nothing to compare with"
        cell = SheetCell(_picture(photo, self._limits), query)
        self._rows.append(SheetRow(cell, hits, match=result.match, problem=problem, said=verdict if hits else ""))

    def add_failed(self, query: str, error: PackshotError) -> None:
        """A query that could not be asked, with the reason."""
        if self._path is None:
            return
        cell = SheetCell(_picture(query, self._limits), query)
        self._rows.append(SheetRow(cell, problem=error.message.removeprefix(f"{query}: ")))

    def write(self, *, title: str, notes: Sequence[str] = ()) -> None:
        """Write the sheet, whole or not at all.

        Args:
            title: of the page.
            notes: on all queries, such as `PhotoSearch.undecided`.

        Raises:
            OutputError: it could not be written.
        """
        if self._path is None:
            return
        if self._path.suffix.lower() == ".png":
            write_result(self._path, encode(sheet_png(self._rows, notes=notes), format="PNG").data)
        else:
            write_atomic(self._path, sheet_html(self._rows, title=title, notes=notes).encode())


def _picture(source: str | bytes, limits: Limits) -> Rgb | None:
    try:
        return decode(source, limits=limits).rgb
    except PackshotError:
        return None
