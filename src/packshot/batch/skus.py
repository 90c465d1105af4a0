"""Which product a photo shows: its SKU, from the file's name, its folder, a table, or a pattern."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from packshot.batch.sources import Source
from packshot.errors import UsageError
from packshot.storage.table import read_table

__all__ = ["Product", "products_of"]

_FILE_COLUMNS = ("file", "filename", "file_name", "photo", "image", "source", "path", "name")
_HOW = "use name, folder, re:PATTERN with one group, or TABLE.csv:COLUMN"


@dataclass(frozen=True, slots=True)
class Product:
    """What is known of the product in a photo.

    Attributes:
        sku: None where the rule says nothing of the photo.
        row: further columns of the table, by their names.
    """

    sku: str | None = None
    row: Mapping[str, str] = field(default_factory=dict)


def products_of(sources: Sequence[Source], rule: str | None) -> list[Product]:
    r"""The product of each photo.

    Args:
        sources: the photos.
        rule: ``name`` (the file's name without suffix), ``folder`` (the folder it lies in), ``re:PATTERN`` (the group
            ``sku``, or the first one, of what is found in the path below the folder that was named),
            ``TABLE.csv:COLUMN`` (a table with a column ``file``, ``filename``, ``photo`` or ``image`` that holds names
            or paths); None: nothing is known.

    Raises:
        UsageError: there is no such rule, the table cannot be read, or it says two things of one photo.

    Example:
        >>> products_of([Source("shoes/0815_2.jpg", "in/shoes/0815_2.jpg", "in")], r"re:(\d+)_\d")
        [Product(sku='0815', row={})]
    """
    if rule is None:
        return [Product()] * len(sources)
    if rule == "name":
        return [Product(PurePosixPath(source.relative).stem) for source in sources]
    if rule == "folder":
        return [Product(_folder(source)) for source in sources]
    if rule.startswith("re:"):
        pattern = _compiled(rule.removeprefix("re:"))
        return [Product(_found(pattern, source.relative)) for source in sources]
    path, _, column = rule.rpartition(":")
    if path.lower().endswith((".csv", ".tsv")) and column:
        return _of_table(Path(path), column, sources)
    raise UsageError(f"no rule for SKUs: {rule!r}", remedy=_HOW)


def _folder(source: Source) -> str | None:
    return PurePosixPath(source.relative).parent.name or PurePosixPath(source.root).name or None


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"the pattern for SKUs {pattern!r} is none ({error})", remedy=_HOW) from error
    if not found.groups:
        raise UsageError(
            f"the pattern for SKUs {pattern!r} has no group", remedy="put what is the SKU into parentheses: (\\d+)_.*"
        )
    return found


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    if match is None:
        return None
    return (match["sku"] if "sku" in pattern.groupindex else match[1]) or None


def _of_table(path: Path, column: str, sources: Sequence[Source]) -> list[Product]:
    rows, file_column = _rows(path, column)
    by_file: dict[str, tuple[int, dict[str, str]]] = {}
    for number, row in rows:
        file = row[file_column].replace("\\", "/")
        if file in by_file and by_file[file][1] != row:
            raise UsageError(
                f"{path}, lines {by_file[file][0]} and {number}: {file} stands there twice, with different values",
                remedy="leave one line for each photo",
            )
        by_file.setdefault(file, (number, row))
    matches = [_row_of(source, by_file) for source in sources]
    _refuse_ambiguous(path, sources, matches)
    found = [{} if key is None else by_file[key][1] for key in matches]
    return [Product(row.get(column) or None, row) for row in found]


def _rows(path: Path, column: str) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """The rows with the lines they end on, every cell there; and the column that names the photo."""
    names, rows = read_table(path, fold=False)
    if column not in names:
        raise UsageError(
            f"{path} has no column {column!r}", remedy=f"use one of {', '.join(names) or 'none: it is empty'}"
        )
    file_column = next((name for name in _FILE_COLUMNS if name in names), None)
    if file_column is None:
        raise UsageError(
            f"{path} does not say which photo a line is of", remedy=f"name that column {', '.join(_FILE_COLUMNS[:4])}"
        )
    if not rows:
        raise UsageError(f"{path} has no lines", remedy="write one line for each photo")
    return [(number, {name: row.get(name, "") for name in names}) for number, row in rows], file_column


def _row_of(source: Source, by_file: Mapping[str, tuple[int, dict[str, str]]]) -> str | None:
    relative = PurePosixPath(source.relative)
    names = (relative.as_posix(), source.path, relative.name, relative.with_suffix("").as_posix(), relative.stem)
    return next((name for name in names if name in by_file), None)


def _refuse_ambiguous(path: Path, sources: Sequence[Source], matches: Sequence[str | None]) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for source, key in zip(sources, matches, strict=True):
        if key is not None and "/" not in key:
            found[key].append(source.relative)
    for key, photos in found.items():
        if len(photos) > 1:
            raise UsageError(
                f"{path}: {key} is the name of {len(photos)} photos, {photos[0]} and {photos[1]}",
                remedy="write the path below the folder instead of the name",
            )
