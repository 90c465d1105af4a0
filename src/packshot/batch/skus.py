"""Which product a photo shows: its SKU, from the file's name, its folder, a table, or a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from packshot.batch.sources import Source
from packshot.errors import UsageError
from packshot.storage.table import read_table

__all__ = ["Product", "product_rule", "products_of", "scattered", "table_of"]

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
    tell = product_rule(rule)
    return [tell(source) for source in sources]


def scattered(sources: Sequence[Source], products: Sequence[Product], rule: str | None) -> dict[str, list[str]]:
    """SKUs that photos of several folders share: one product, or several whose photos are called alike.

    Args:
        sources: the photos.
        products: theirs, as `products_of` gives them.
        rule: by which; only a name or a folder's name can be the same by chance.

    Returns:
        SKU to the folders, sorted.

    Example:
        >>> photos = [Source(f"{name}/front.jpg", f"in/{name}/front.jpg", "in") for name in ("coat", "hat")]
        >>> scattered(photos, products_of(photos, "name"), "name")
        {'front': ['coat', 'hat']}
    """
    if rule not in {"name", "folder"}:
        return {}
    folders: dict[str, set[str]] = {}
    for source, product in zip(sources, products, strict=True):
        if product.sku is not None:
            folders.setdefault(product.sku, set()).add(str(PurePosixPath(source.relative).parent))
    return {sku: sorted(found) for sku, found in folders.items() if len(found) > 1}


def product_rule(rule: str | None) -> Callable[[Source], Product]:
    """What tells the product of one photo after the other, as they come.

    Args:
        rule: see `products_of`.

    Returns:
        Called with each photo; raises UsageError where the table names two photos by one name.

    Raises:
        UsageError: there is no such rule, or the table cannot be read.
    """
    if rule is None:
        return lambda _: Product()
    if rule == "name":
        return lambda source: Product(PurePosixPath(source.relative).stem)
    if rule == "folder":
        return lambda source: Product(_folder(source))
    if rule.startswith("re:"):
        pattern = _compiled(rule.removeprefix("re:"))
        return lambda source: Product(_found(pattern, source.relative))
    path, column = table_of(rule)
    if path is not None:
        return _Table(Path(path), column)
    raise UsageError(f"no rule for SKUs: {rule!r}", remedy=_HOW)


def table_of(rule: str) -> tuple[str | None, str]:
    """The table that a rule names, and its column; None where it names none.

    Example:
        >>> table_of("s3://shop/products.csv:gtin"), table_of("folder")
        (('s3://shop/products.csv', 'gtin'), (None, ''))
    """
    path, _, column = rule.rpartition(":")
    found = not rule.startswith("re:") and path.lower().endswith((".csv", ".tsv")) and column
    return (path, column) if found else (None, "")


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


class _Table:
    """Photos by the names that a table has for them."""

    def __init__(self, path: Path, column: str) -> None:
        self._path, self._column = path, column
        rows, file_column = _rows(path, column)
        self._rows: dict[str, tuple[int, dict[str, str]]] = {}
        for number, row in rows:
            file = row[file_column].replace("\\", "/")
            line, known = self._rows.setdefault(file, (number, row))
            if known != row:
                raise UsageError(
                    f"{path}, lines {line} and {number}: {file} stands there twice, with different values",
                    remedy="leave one line for each photo",
                )
        self._named: dict[str, Source] = {}

    def __call__(self, source: Source) -> Product:
        key = _row_of(source, self._rows)
        if key is None:
            return Product()
        other = self._named.setdefault(key, source)
        if "/" not in key and other.path != source.path:
            raise UsageError(
                f"{self._path}: {key} is the name of 2 photos, {other.relative} and {source.relative}",
                remedy="write the path below the folder instead of the name",
            )
        row = self._rows[key][1]
        return Product(row[self._column] or None, row)


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
