"""Taxonomies of others: one path a line, with the ids of Google or Shopify or without any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from packshot.description.taxonomy.category import SEPARATOR, Category, split_path
from packshot.description.taxonomy.reading import wrong_file
from packshot.description.taxonomy.tree import Taxonomy
from packshot.description.taxonomy.validation import find_problems
from packshot.errors import UsageError
from packshot.storage.text_file import read_text, split_lines

__all__ = ["Dialect", "import_taxonomy", "taxonomy_of_paths"]


class Dialect(StrEnum):
    """How a line is written. Lines that begin with ``#`` are comments in all three."""

    # 1604 - Apparel & Accessories > Clothing
    GOOGLE = "google"
    # gid://shopify/TaxonomyCategory/aa-1 : Apparel & Accessories > Clothing
    SHOPIFY = "shopify"
    # Apparel & Accessories > Clothing
    PATHS = "paths"


_LINES = {
    Dialect.GOOGLE: (re.compile(r"(\d+)\s+-\s+(.+)"), "1604 - Apparel & Accessories > Clothing"),
    Dialect.SHOPIFY: (
        re.compile(r"(gid://shopify/TaxonomyCategory/\S+)\s+:\s+(.+)"),
        "gid://shopify/TaxonomyCategory/aa-1 : Apparel & Accessories > Clothing",
    ),
    Dialect.PATHS: (re.compile(r"()(.+)"), "Apparel > Clothing"),
}
_VERSIONS = (
    re.compile(r"#\s*Google_Product_Taxonomy_Version:\s*(\S+)"),
    re.compile(r"#\s*Shopify Product Taxonomy - Categories:\s*(\S+)"),
)


def import_taxonomy(
    path: str | Path, *, dialect: Dialect | None = None, name: str | None = None, version: str | None = None
) -> Taxonomy:
    """Read a taxonomy written as one path a line.

    A line of Google's or Shopify's makes one category, whose parent must have a line of its own, before or after it.
    Plain paths make their parents as well, and every id from the path alone: the same path has the same id in any file.

    Args:
        path: a text file in UTF-8: Google's ``taxonomy-with-ids.en-US.txt`` or ``taxonomy.en-US.txt``
            (https://www.google.com/basepages/producttype/), Shopify's ``dist/en/categories.txt``
            (https://github.com/Shopify/product-taxonomy), or your own.
        dialect: how its lines are written. By default the first line that is no comment shows it.
        name: of the taxonomy. By default the dialect's, or for plain paths the file's.
        version: by default the one in the file's first comments, or ``1``.

    Raises:
        UsageError: the file cannot be read, or makes no tree; names the lines.
    """
    path = Path(path)
    lines = split_lines(read_text(path, what="taxonomy"))
    entries = [
        (number, line.strip())
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not entries:
        raise wrong_file(path, ["there are no categories, only comments"])
    dialect = dialect or _recognised(entries[0][1])
    rows, problems = _split(entries, dialect)
    if dialect is Dialect.PATHS:
        categories, places, more = _from_paths(rows)
    else:
        categories, places, more = _from_ids(rows)
    problems = [*problems, *more] or find_problems(categories, places)
    if problems:
        raise wrong_file(path, problems)
    return Taxonomy(
        name or (path.stem if dialect is Dialect.PATHS else dialect.value),
        version or _version(lines),
        tuple(categories),
    )


def taxonomy_of_paths(paths: Sequence[str], *, name: str, version: str = "1") -> Taxonomy:
    """The tree of some paths, each with an id made from it alone.

    Args:
        paths: such as ``Apparel > Tops``; what is above them is made as well.
        name: of the taxonomy.
        version: of the taxonomy.

    Raises:
        UsageError: they make no tree; names the paths.

    Example:
        >>> [category.name for category in taxonomy_of_paths(["Apparel > Tops"], name="shop")]
        ['Apparel', 'Tops']
    """
    rows = [(number, "", split_path(path)) for number, path in enumerate(paths, start=1)]
    empty = [f"path {number}: a name is empty" for number, _, names in rows if not all(names)]
    categories, places, problems = _from_paths(rows) if not empty else ([], [], empty)
    problems = problems or find_problems(categories, places)
    if problems:
        raise UsageError(f"{name}: {'; '.join(problems[:5])}", remedy="correct the names of the categories")
    return Taxonomy(name, version, tuple(categories))


_Row = tuple[int, str, tuple[str, ...]]  # line, id, names


def _recognised(line: str) -> Dialect:
    if line.startswith("gid:"):
        return Dialect.SHOPIFY
    return Dialect.GOOGLE if _LINES[Dialect.GOOGLE][0].fullmatch(line) else Dialect.PATHS


def _version(lines: list[str]) -> str:
    for line in lines[:10]:
        for pattern in _VERSIONS:
            if found := pattern.match(line.strip()):
                return found[1]
    return "1"


def _split(entries: list[tuple[int, str]], dialect: Dialect) -> tuple[list[_Row], list[str]]:
    pattern, example = _LINES[dialect]
    rows: list[_Row] = []
    problems = []
    for number, line in entries:
        found = pattern.fullmatch(line)
        names = split_path(found[2]) if found else ()
        if found is None:
            problems.append(f"line {number}: expected a line such as {example!r}, got {line[:80]!r}")
        elif not all(names):
            problems.append(f"line {number}: a name in the path is empty, got {line[:80]!r}")
        else:
            rows.append((number, found[1], names))
    return rows, problems


def _from_ids(rows: list[_Row]) -> tuple[list[Category], list[str], list[str]]:
    ids: dict[tuple[str, ...], str] = {}
    for _, category_id, names in rows:
        ids.setdefault(names, category_id)
    categories, places, problems = [], [], []
    for number, category_id, names in rows:
        above = names[:-1]
        if above and above not in ids:
            problems.append(f"line {number}: the parent {SEPARATOR.join(above)!r} of {names[-1]!r} has no line")
            continue
        try:
            categories.append(Category(category_id, names[-1], ids.get(above)))
            places.append(f"line {number}")
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    return categories, places, problems


def _from_paths(rows: list[_Row]) -> tuple[list[Category], list[str], list[str]]:
    given: dict[tuple[str, ...], int] = {}
    made: dict[tuple[str, ...], Category] = {}
    places, problems = [], []
    for number, _, names in rows:
        if names in given:
            problems.append(f"line {number}: {SEPARATOR.join(names)!r} was given before (line {given[names]})")
            continue
        given[names] = number
        for depth in range(1, len(names) + 1):
            way = names[:depth]
            if way in made:
                continue
            try:
                made[way] = Category(_path_id(way), way[-1], made[way[:-1]].id if depth > 1 else None)
                places.append(f"line {number}")
            except ValueError as error:
                problems.append(f"line {number}: {error}")
                break
    return list(made.values()), places, problems


def _path_id(names: tuple[str, ...]) -> str:
    slug = re.sub(r"\W+", "-", names[-1].casefold()).strip("-")
    digest = sha256(SEPARATOR.join(names).encode()).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
