"""A contact sheet: each query with what it found, for a person to look at; as a page or as a picture."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from packshot.resizing import rescaled
from packshot.storage.encodable import printable
from packshot.values import Rgb
from packshot.web import tokens
from packshot.web.rendering import render

__all__ = ["SheetCell", "SheetRow", "sheet_html", "sheet_png"]

_SIDE = 200  # pixels of a picture's longer side
_QUALITY = 80


@dataclass(frozen=True, slots=True, eq=False)
class SheetCell:
    """A picture with its name.

    Attributes:
        picture: uint8 (h, w, 3); None where the file is not at hand.
        name: of the photo.
        score: of a hit; None for a query.
    """

    picture: Rgb | None
    name: str
    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """A query and its hits.

    Attributes:
        query: the photo that was asked for.
        hits: nearest first.
        match: whether the first one is it; None where nobody can tell.
        problem: why there are no hits; empty if there are.
        said: the verdict in other words than match and no match; empty for these.
    """

    query: SheetCell
    hits: tuple[SheetCell, ...] = ()
    match: bool | None = None
    problem: str = ""
    said: str = ""

    @property
    def verdict(self) -> str:
        """In words; empty where nobody can tell, or nothing was asked."""
        if self.said:
            return self.said
        if not self.hits and not self.problem:
            return "no match"
        return {True: "match", False: "no match", None: ""}[self.match]


def sheet_html(rows: Sequence[SheetRow], *, title: str, notes: Sequence[str] = ()) -> str:
    """One page that asks nothing of anybody: style and pictures are in it.

    Args:
        rows: the queries.
        title: of the page.
        notes: on all of them, such as why none is called a match.
    """
    return render("search_sheet.html.jinja", rows=rows, title=title, notes=notes, picture=_data_uri)


_GAP, _TEXT = 16, 40  # pixels between cells, and of the two lines below a picture
_LINE = 20  # pixels from one line of a note to the next
_BACK, _INK, _SOFT, _EMPTY = (tokens.rgb(name) for name in ("paper", "ink", "soft", "line"))
_VERDICT = {True: tokens.rgb("ok"), False: tokens.rgb("failed"), None: _SOFT}
_FONT, _SCALE = cv2.FONT_HERSHEY_SIMPLEX, 0.42


def sheet_png(rows: Sequence[SheetRow], *, notes: Sequence[str] = ()) -> Rgb:
    """One picture: a row for each query, the query first, and below them the notes.

    Args:
        rows: the queries.
        notes: as for `sheet_html`; each is broken into lines as wide as the picture.

    Returns:
        uint8 (h, w, 3).
    """
    columns = 1 + max(4, *(len(row.hits) for row in rows)) if rows else 1
    cell = _SIDE + _GAP
    high = _SIDE + _TEXT + 2 * _GAP
    width, below = columns * cell + 3 * _GAP, max(1, len(rows)) * high + _GAP
    lines = [line for note in notes for line in _broken(note, width - 2 * _GAP)]
    sheet = np.full((below + len(lines) * _LINE + (_GAP if lines else 0), width, 3), _BACK, np.uint8)
    for number, line in enumerate(lines):
        _write(sheet, line, _GAP, below + number * _LINE + _GAP, _SOFT, most=width)
    for number, row in enumerate(rows):
        top = number * high + _GAP
        _draw(sheet, row.query, left=_GAP, top=top, note=row.verdict, colour=_VERDICT[row.match])
        middle = _GAP + cell + _GAP // 4
        cv2.line(sheet, (middle, top), (middle, top + _SIDE - 1), _EMPTY, 2)
        _write(
            sheet,
            row.problem,
            middle + _GAP,
            top + _SIDE // 2,
            _VERDICT[False],
            most=sheet.shape[1] - middle - cell // 4,
        )
        for place, hit in enumerate(row.hits):
            matched = row.match is True and place == 0
            left = 2 * _GAP + (place + 1) * cell
            note = f"{place + 1}.  {hit.score:.3f}" if hit.score is not None else ""
            _draw(sheet, hit, left=left, top=top, note=note, colour=_VERDICT[True] if matched else _INK, edge=matched)
    return sheet


def _draw(
    sheet: Rgb, cell: SheetCell, *, left: int, top: int, note: str, colour: tuple[int, int, int], edge: bool = False
) -> None:
    if cell.picture is None:
        cv2.rectangle(sheet, (left, top), (left + _SIDE - 1, top + _SIDE - 1), _EMPTY, -1)
        _write(sheet, "no picture here", left + 12, top + _SIDE // 2, _SOFT)
    else:
        small = rescaled(cell.picture, _SIDE)
        down, across = (_SIDE - small.shape[0]) // 2, (_SIDE - small.shape[1]) // 2
        sheet[top + down : top + down + small.shape[0], left + across : left + across + small.shape[1]] = small
    if edge:
        cv2.rectangle(sheet, (left - 3, top - 3), (left + _SIDE + 2, top + _SIDE + 2), colour, 3)
    _write(sheet, note, left, top + _SIDE + 18, colour)
    _write(sheet, cell.name, left, top + _SIDE + 36, _SOFT, keep_end=True)


def _write(
    sheet: Rgb,
    text: str,
    left: int,
    line: int,
    colour: tuple[int, int, int],
    *,
    keep_end: bool = False,
    most: int = _SIDE,
) -> None:
    """A line no wider than `most` pixels; what is too long loses its end, or its beginning."""
    text = printable(text.replace("\n", " "))
    cut = text
    while cut and cv2.getTextSize(cut if cut == text else cut + "...", _FONT, _SCALE, 1)[0][0] > most:
        cut = cut[1:] if keep_end else cut[:-1]
    shown = text if cut == text else f"...{cut}" if keep_end else f"{cut}..."
    cv2.putText(sheet, shown, (left, line), _FONT, _SCALE, colour, 1, cv2.LINE_AA)


def _broken(text: str, most: int) -> list[str]:
    """Lines of whole words, no wider than `most` pixels but where one word is."""
    lines = [""]
    for word in printable(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and cv2.getTextSize(longer, _FONT, _SCALE, 1)[0][0] > most:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line for line in lines if line]


def _data_uri(rgb: Rgb) -> str:
    buffer = io.BytesIO()
    Image.fromarray(rescaled(rgb, _SIDE)).save(buffer, "WEBP", quality=_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
