"""A shop's own word on where our categories belong in its tree: a table of two columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from packshot.description.taxonomy.mapping import Match
from packshot.description.taxonomy.tree import Taxonomy
from packshot.errors import UsageError
from packshot.storage.table import read_table

__all__ = ["mapping_text", "read_mapping"]

_COLUMNS = ("category", "node")


def read_mapping(path: str | Path, source: Taxonomy, target: Taxonomy) -> dict[str, str | None]:
    """Read a table with the columns ``category`` and ``node``; others, such as notes, are passed over.

    Args:
        path: CSV in UTF-8, with commas, semicolons or tabs.
        source: the tree of ``category``: ids, names or paths.
        target: the tree of ``node``; an empty one says that the shop has nothing of the kind.

    Returns:
        Id in `source` to id in `target`, or None.

    Raises:
        UsageError: the file cannot be read or lacks a column; a name is not in its tree, or a category stands there
            twice; says which line.
    """
    path = Path(path)
    columns, rows = read_table(path)
    missing = [name for name in _COLUMNS if name not in columns]
    if missing:
        raise UsageError(
            f"mapping {path}, line 1: no column `{missing[0]}`, only {', '.join(columns) or 'nothing'}",
            remedy="name the columns category,node in the first line; `packshot taxonomy map` writes such a file",
        )
    found: dict[str, str | None] = {}
    given: dict[str, int] = {}
    for line, row in rows:
        where = f"mapping {path}, line {line}"
        category, node = row.get("category", ""), row.get("node", "")
        try:
            ours = source.lookup(category).id
            theirs = target.lookup(node).id if node else None
        except UsageError as error:
            raise UsageError(f"{where}: {error.message}", remedy=error.remedy) from error
        if ours in given:
            raise UsageError(
                f"{where}: {category!r} stands in line {given[ours]} already", remedy="remove one of the two lines"
            )
        found[ours], given[ours] = theirs, line
    return found


def mapping_text(matches: Iterable[Match], source: Taxonomy, target: Taxonomy) -> str:
    """Matches as a table that `read_mapping` reads, to correct by hand.

    Paths are written where an id says nothing to a person; ``how`` and ``instead`` are notes, and passed over.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, "how", "instead"])
    for match in matches:
        node = "" if match.node_id is None else target.path_text(match.node_id)
        others = " | ".join(target.path_text(each) for each in match.candidates)
        writer.writerow([source.path_text(match.category_id), node, str(match.by), others])
    return text.getvalue()
