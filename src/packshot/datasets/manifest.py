"""A table of pictures: CSV with a column ``path``, and ``mask,label,split,group,kind,inner_box`` as far as known."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from packshot.counting import counted
from packshot.datasets.items import Item, MaskKind, Split
from packshot.datasets.splits import assign_splits, complete_splits, split_named
from packshot.errors import OutputError, UsageError
from packshot.storage.encodable import encodable
from packshot.storage.table import read_table
from packshot.values import Box

__all__ = [
    "GROUP",
    "KNOWN_COLUMNS",
    "is_manifest",
    "manifest_text",
    "name_in",
    "path_in",
    "read_columns",
    "read_manifest",
    "write_manifest",
]

_COLUMNS = ("path", "mask", "label", "split", "group", "kind")
#: The column that says what belongs together, unless another one is named.
GROUP = "group"

_BOX = "inner_box"  # written only where there is one

#: All that is read of a table; others have a meaning where they are asked for by name.
KNOWN_COLUMNS = (*_COLUMNS, _BOX)


def is_manifest(table: Path) -> bool:
    """Whether a file's first line has a column ``path``."""
    try:
        return "path" in read_table(table)[0]
    except UsageError:
        return False


def read_manifest(table: Path, *, group: str = GROUP) -> list[Item]:
    r"""Read a table of pictures.

    Paths are relative to the table's folder, or absolute; ``\`` may stand for ``/``. Without splits, `assign_splits`
    splits them; with ``train`` and no ``validation``, `complete_splits` takes it from training.

    Args:
        table: CSV in UTF-8, with commas or semicolons. ``kind`` says how masks are stored: ``alpha`` (the default) or
            ``labels``. ``inner_box`` is the picture inside its frame, ``x0 y0 x1 y1`` in pixels of the upright photo,
            end-exclusive; empty where there is none.
        group: the column whose equal values belong together. ``group`` may be missing, another one may not.

    Raises:
        UsageError: the table cannot be read; a column, value or file is wrong; says which line.
    """
    columns, rows = read_table(table)
    if "path" not in columns:
        raise UsageError(
            f"{table}: no column `path`, only {', '.join(columns) or 'nothing'}",
            remedy=f"name the columns in the first line: {','.join((*_COLUMNS, _BOX))}",
        )
    group = group.strip().lower()
    if group != GROUP and group not in columns:
        raise UsageError(
            f"{table}: no column `{group}` to group by, only {', '.join(columns)}", remedy="name one of these"
        )
    seen: dict[Path, int] = {}
    missing: list[str] = []
    blank: list[int] = []
    items = []
    for line, row in rows:
        photo = path_in(table, row.get("path", ""))
        mask = path_in(table, row.get("mask", ""))
        if photo is None:
            raise UsageError(f"{table}, line {line}: `path` is empty", remedy="name the picture, or remove the line")
        if photo in seen:
            raise UsageError(
                f"{table}, line {line}: {row['path']} stands in line {seen[photo]} already", remedy="remove one of them"
            )
        seen[photo] = line
        missing += [f"{path} (line {line})" for path in (photo, mask) if path and not path.is_file()]
        split = _split(table, line, row.get("split", ""))
        if split is None:
            blank.append(line)
        kind = _kind(table, line, row.get("kind", ""), mask)
        box = _box(table, line, row.get(_BOX, ""))
        label, belongs = row.get("label") or None, row.get(group) or None
        items.append(Item(table.stem, split or Split.TRAIN, photo, mask, kind, label, belongs, box=box))
    if missing:
        raise UsageError(
            f"{table}: {counted(len(missing), 'file is', 'files are')} not there, first {', '.join(missing[:3])}",
            remedy="correct the paths; they are relative to the table's folder",
        )
    if not items:
        raise UsageError(f"{table}: no pictures in it", remedy="write one line for each picture")
    if blank and len(blank) < len(items):
        raise UsageError(
            f"{table}: {counted(len(blank), 'line has', 'lines have')} no split, first line {blank[0]}, while "
            "others have one",
            remedy="fill the column `split` in every line, or in none",
        )
    return assign_splits(items) if blank else complete_splits(items)


def read_columns(table: Path) -> dict[Path, dict[str, str]]:
    """Every column of a table of pictures, also those that `read_manifest` does not know: photo -> name -> value.

    Raises:
        UsageError: the table cannot be read.
    """
    _, rows = read_table(table)
    return {photo: row for _, row in rows if (photo := path_in(table, row.get("path", ""))) is not None}


def write_manifest(table: Path, items: Iterable[Item]) -> None:
    """Write a table that `read_manifest` reads back: to freeze a split, or to correct it by hand.

    Args:
        table: the file; paths in it are relative to its folder where they lie below it, else absolute.
        items: pictures whose masks are files.

    Raises:
        UsageError: a mask is no file (COCO's regions), or a name is not UTF-8.
        OutputError: the file cannot be written.
    """
    items = list(items)
    for path in (path for item in items for path in (item.photo, item.mask) if path):
        if encodable(str(path)) != str(path):
            raise UsageError(
                f"{encodable(str(path))}: no table can name it, for its name is not UTF-8", remedy="rename the file"
            )
    try:
        table.write_text(manifest_text(table, items), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{table}: cannot be written ({error.strerror})", remedy="choose another place") from error


def manifest_text(table: Path, items: Iterable[Item], *, splits: bool = True) -> str:
    """What `write_manifest` writes, for those who write it in their own way.

    A name that is not UTF-8 has its stray bytes written out: what persons answered of other photos is not lost for it,
    and whoever trains on the table is told which file is not there.

    Args:
        table: where it is to lie; paths are relative to its folder.
        items: pictures whose masks are files.
        splits: without them, whoever reads the table splits it.

    Raises:
        UsageError: a mask is no file (COCO's regions).
    """
    items = list(items)
    columns = (*_COLUMNS, _BOX) if any(item.box for item in items) else _COLUMNS
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    folder = table.resolve().parent
    for item in items:
        if item.kind is MaskKind.REGIONS:
            raise UsageError(f"{item.photo}: its mask is no file", remedy="keep the COCO file instead of a table")
        photo, mask = (name_in(folder, path) if path else "" for path in (item.photo, item.mask))
        split = item.split.value if splits else ""
        box = " ".join(map(str, item.box.as_tuple())) if item.box else ""
        row = [photo, mask, item.label or "", split, item.group or "", item.kind or "", box]
        writer.writerow(row[: len(columns)])
    return text.getvalue()


def name_in(folder: Path, path: Path) -> str:
    """How a table in `folder`, a resolved path, names a file: relative with ``/`` if it lies below, else absolute."""
    whole = path.resolve()
    return encodable(whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else str(whole))


def path_in(table: Path, text: str) -> Path | None:
    r"""The file that a table names: relative to the table's folder, or absolute; ``\`` may stand for ``/``."""
    if not text:
        return None
    path = table.parent / text
    if "\\" in text and not path.exists():
        path = table.parent / text.replace("\\", "/")
    return Path(os.path.normpath(path))


def _split(table: Path, line: int, text: str) -> Split | None:
    split = split_named(text)
    if text and split is None:
        raise UsageError(
            f"{table}, line {line}: split is {text!r}, expected train, validation or holdout (or test)",
            remedy="correct the column `split`, or leave it out",
        )
    return split


def _kind(table: Path, line: int, text: str, mask: Path | None) -> MaskKind | None:
    known = [kind.value for kind in MaskKind if kind is not MaskKind.REGIONS]
    if text and text not in known:
        raise UsageError(
            f"{table}, line {line}: kind is {text!r}, expected {', '.join(known)}", remedy="correct the column `kind`"
        )
    return MaskKind(text) if text and mask else MaskKind.ALPHA if mask else None


def _box(table: Path, line: int, text: str) -> Box | None:
    if not text:
        return None
    try:
        x0, y0, x1, y1 = map(int, text.split())
        return Box(x0, y0, x1, y1)
    except ValueError as error:
        raise UsageError(
            f"{table}, line {line}: {_BOX} is {text!r}, expected `x0 y0 x1 y1` in pixels with 0 <= x0 < x1 and "
            "0 <= y0 < y1",
            remedy=f"correct the column `{_BOX}`",
        ) from error
