"""Our own file: TOML, one category a line."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from packshot.description.taxonomy.category import Category
from packshot.description.taxonomy.reading import wrong_file
from packshot.description.taxonomy.tree import Taxonomy
from packshot.description.taxonomy.validation import find_problems
from packshot.errors import UsageError
from packshot.storage.text_file import read_text, split_lines

__all__ = ["load_taxonomy", "parse_taxonomy", "read_taxonomy", "taxonomy_text"]

_SHIPPED = "packshot"
_ID = re.compile(r"""(?<![\w-])id\s*=\s*("[^"]*"|'[^']*')""")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    name: str
    parent_id: str | None = None
    deprecated: bool = False
    replaced_by: str | None = None
    elsewhere: dict[str, str] = Field(default_factory=dict)
    synonyms: tuple[str, ...] = Field(default=(), strict=False)
    names: dict[str, str] = Field(default_factory=dict)
    attributes: dict[str, str] = Field(default_factory=dict)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1)
    version: str = Field(min_length=1)
    categories: list[_Entry]


def load_taxonomy(name: str | Path = _SHIPPED) -> Taxonomy:
    """The taxonomy that ships, or your own.

    Args:
        name: ``packshot``, or the path of a file that `read_taxonomy` reads (it ends in ``.toml``).

    Raises:
        UsageError: no such taxonomy, or its file does not hold one.

    Example:
        >>> tree = load_taxonomy()
        >>> tree.path_text(tree.lookup("t-shirt").id)
        'Apparel > Tops > T-Shirt'
    """
    if str(name).endswith(".toml"):
        return read_taxonomy(name)
    if str(name) != _SHIPPED:
        raise UsageError(
            f"no taxonomy {str(name)!r}",
            remedy=f"use {_SHIPPED} or your own .toml file; `packshot taxonomy import` makes one from other files",
        )
    return _shipped()


def read_taxonomy(path: str | Path) -> Taxonomy:
    """Read a taxonomy from our own TOML; docs/how-to/taxonomy.md describes it.

    Raises:
        UsageError: the file cannot be read, is no such TOML, or makes no tree; names the lines.
    """
    path = Path(path)
    return parse_taxonomy(read_text(path, what="taxonomy"), path)


def parse_taxonomy(text: str, path: Path) -> Taxonomy:
    """The taxonomy that a text in our own TOML holds.

    Args:
        text: of the file.
        path: of the file, for messages.

    Raises:
        UsageError: it is no such TOML, or makes no tree; names the lines.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise wrong_file(path, [f"not valid TOML ({reason})"]) from None
    places = _places(text, content.get("categories"))
    try:
        file = _File.model_validate(content)
    except ValidationError as error:
        raise wrong_file(path, [_sentence(each["loc"], each["msg"], places) for each in error.errors()]) from None
    categories, problems = [], []
    for place, entry in zip(places, file.categories, strict=True):
        try:
            categories.append(Category(**entry.model_dump()))
        except ValueError as error:
            problems.append(f"{place}: {error}")
    problems = problems or find_problems(categories, places)
    if problems:
        raise wrong_file(path, problems)
    return Taxonomy(file.name, file.version, tuple(categories))


def taxonomy_text(taxonomy: Taxonomy) -> str:
    """A taxonomy as the TOML that `read_taxonomy` reads back to an equal one.

    Example:
        >>> print(taxonomy_text(Taxonomy("shop", "1", (Category("a", "Apparel"), Category("s", "Shoes", "a")))), end="")
        name = "shop"
        version = "1"
        categories = [
          { id = "a", name = "Apparel" },
          { id = "s", parent_id = "a", name = "Shoes" },
        ]
    """
    lines = [f"name = {_string(taxonomy.name)}", f"version = {_string(taxonomy.version)}", "categories = ["]
    lines += [f"  {{ {_row(category)} }}," for category in taxonomy]
    return "\n".join([*lines, "]", ""])


@cache
def _shipped() -> Taxonomy:
    with as_file(files("packshot.description.taxonomy") / f"{_SHIPPED}.toml") as path:
        return read_taxonomy(path)


def _row(category: Category) -> str:
    pairs = [("id", _string(category.id))]
    if category.parent_id is not None:
        pairs.append(("parent_id", _string(category.parent_id)))
    pairs.append(("name", _string(category.name)))
    if category.deprecated:
        pairs.append(("deprecated", "true"))
    if category.replaced_by is not None:
        pairs.append(("replaced_by", _string(category.replaced_by)))
    if category.synonyms:
        pairs.append(("synonyms", f"[{', '.join(map(_string, category.synonyms))}]"))
    for key in ("names", "attributes", "elsewhere"):
        if table := getattr(category, key):
            inner = ", ".join(f"{_key(name)} = {_string(value)}" for name, value in table.items())
            pairs.append((key, f"{{ {inner} }}"))
    return ", ".join(f"{key} = {value}" for key, value in pairs)


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _string(text)


def _string(text: str) -> str:
    # JSON's escapes are TOML's; only the delete character must be escaped there and need not here.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _places(text: str, categories: object) -> list[str]:
    """Where each category stands: its line, if the ids can be found in the text just as they were parsed."""
    entries = categories if isinstance(categories, list) else []
    ids = [entry.get("id") if isinstance(entry, dict) else None for entry in entries]
    found = [
        (number, match[1][1:-1])
        for number, line in enumerate(split_lines(text), start=1)
        if not line.lstrip().startswith("#")
        for match in _ID.finditer(line)
    ]
    if [each for _, each in found] == ids:
        return [f"line {number}" for number, _ in found]
    return [f"category {number}" for number in range(1, len(entries) + 1)]


def _sentence(where: tuple[int | str, ...], what: str, places: list[str]) -> str:
    if len(where) > 1 and where[0] == "categories":
        return f"{places[int(where[1])]}: {'.'.join(map(str, where[2:])) or 'category'}: {what}"
    return f"{'.'.join(map(str, where))}: {what}"
