"""Regions that a person drew, photo by photo, from a table: as ``packshot label`` writes it, or of four numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from packshot.datasets import Item
from packshot.datasets.manifest import path_in
from packshot.errors import UsageError
from packshot.storage.table import read_table
from packshot.values import Box

__all__ = ["drawn_regions", "refuse_outside"]

_CORNERS = ("left", "top", "right", "bottom")
_BOX = "inner_box"
_REMEDY = f"its columns are path,{','.join(_CORNERS)}, or path,{_BOX} as `packshot label` writes it"


def drawn_regions(table: Path, items: Sequence[Item]) -> Mapping[Path, Box]:
    """The region of each photo, by its resolved path; a photo without a box has none.

    Args:
        table: CSV with ``path``, relative to its folder or absolute, and the region in pixels of the upright photo,
            end-exclusive: ``left,top,right,bottom``, or ``inner_box`` as of a table of frames.
        items: all photos of the study's data.

    Raises:
        UsageError: the table cannot be read, lacks a column or names a photo that is not in the data, twice, or with
            what is no box; says which line.
    """
    columns, rows = read_table(table)
    corners = _CORNERS if set(_CORNERS) <= set(columns) else (_BOX,)
    if "path" not in columns or not set(corners) <= set(columns):
        raise UsageError(f"{table}: the columns are {', '.join(columns) or 'none'}", remedy=_REMEDY)
    photos = {item.photo.resolve() for item in items}
    found: dict[Path, Box] = {}
    for line, row in rows:
        path = path_in(table, row.get("path", ""))
        if path is None:
            raise UsageError(f"{table}, line {line}: `path` is empty", remedy="name the photo, or remove the line")
        whole = path.resolve()
        if whole not in photos:
            raise UsageError(
                f"{table}, line {line}: {row['path']} is no photo of the study's data",
                remedy=f"paths are relative to {table.parent}; name a photo of --data, or remove the line",
            )
        if whole in found:
            raise UsageError(f"{table}, line {line}: {row['path']} stands there twice", remedy="remove one of them")
        numbers = " ".join(row.get(corner, "") for corner in corners).split()
        if numbers:
            found[whole] = _box(table, line, numbers)
    if not found:
        raise UsageError(f"{table}: no photo has a region", remedy=_REMEDY)
    return found


def refuse_outside(regions: Mapping[str, Box], *, photo: str, size: tuple[int, int]) -> None:
    """Refuse a region that reaches out of its photo.

    Args:
        regions: by name.
        photo: its name.
        size: (width, height) of the upright photo, pixels.

    Raises:
        UsageError: one does.
    """
    for name, box in regions.items():
        if box.x1 > size[0] or box.y1 > size[1]:
            raise UsageError(
                f"{photo}: region {name} {box.as_tuple()} reaches out of the photo, {size[0]} x {size[1]} pixels",
                remedy="give left, top, right and bottom in pixels of the upright photo; the command goes on there",
            )


def _box(table: Path, line: int, numbers: Sequence[str]) -> Box:
    try:
        x0, y0, x1, y1 = map(int, numbers)
        return Box(x0, y0, x1, y1)
    except ValueError as error:
        raise UsageError(
            f"{table}, line {line}: {' '.join(numbers)} is no region, expected whole pixels with 0 <= left < right and "
            "0 <= top < bottom",
            remedy="correct the line, or remove it",
        ) from error
