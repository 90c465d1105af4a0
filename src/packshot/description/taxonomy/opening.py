"""A tree from any file that holds one: our own TOML, or one path a line, told apart by what stands in it."""

from __future__ import annotations

import re
from pathlib import Path

from packshot.description.taxonomy.file import read_taxonomy
from packshot.description.taxonomy.importing import import_taxonomy
from packshot.description.taxonomy.tree import Taxonomy
from packshot.errors import UsageError
from packshot.storage.encodable import printable
from packshot.storage.text_file import read_text, split_lines

__all__ = ["open_taxonomy"]

_TABLES = frozenset({".csv", ".tsv"})
_ASSIGNMENT = re.compile(r"\s*(name|version|categories)\s*=")


def open_taxonomy(path: str | Path) -> Taxonomy:
    """Read a tree, whatever its file is called.

    Args:
        path: our own TOML (`read_taxonomy`), or one path a line (`import_taxonomy`).

    Raises:
        UsageError: the file cannot be read, is a table of several columns, or makes no tree; names the lines.
    """
    path = Path(path)
    if path.suffix == ".toml":
        return read_taxonomy(path)
    lines = (
        line
        for line in split_lines(read_text(path, what="taxonomy"))
        if line.strip() and not line.lstrip().startswith("#")
    )
    first = next(lines, "")
    if path.suffix.lower() in _TABLES and re.search(r"[,;\t]", first):
        raise UsageError(
            f"taxonomy {path} is a table ({printable(first[:60])}), expected one path a line",
            remedy="keep the column of paths, such as Clothing > Jackets; corrections go to --mapping",
        )
    return read_taxonomy(path) if _ASSIGNMENT.match(first) else import_taxonomy(path)
