"""The tree of a file that a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.description.taxonomy import Taxonomy

__all__ = ["read_tree", "tree_summary"]


def read_tree(file: str | None) -> Taxonomy:
    """The tree of a file, our own TOML, one path a line, or a learnt one; the one that ships without one.

    Raises:
        UsageError: the file holds none.
    """
    from pathlib import Path

    from packshot.description.own_tree import is_learnt, read_learnt
    from packshot.description.taxonomy import load_taxonomy, open_taxonomy

    if file is None:
        return load_taxonomy()
    return read_learnt(Path(file)).tree if is_learnt(Path(file)) else open_taxonomy(file)


def tree_summary(tree: Taxonomy) -> str:
    """Name, version and size, in words."""
    return f"{tree.name} {tree.version}, {len(tree)} categories, {len(tree.leaves())} of them leaves"
