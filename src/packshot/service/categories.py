"""The shop's tree: what categories a person can choose from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from packshot.description.own_tree import is_learnt, read_learnt
from packshot.description.taxonomy import Taxonomy, folded, load_taxonomy, open_taxonomy
from packshot.settings import Settings

__all__ = ["matching", "shop_tree"]


def shop_tree(settings: Settings) -> Taxonomy:
    """The tree that the settings name, or the one that ships.

    Raises:
        UsageError: the file holds none.
    """
    return load_taxonomy() if settings.taxonomy is None else _read(settings.taxonomy)


@lru_cache(maxsize=4)
def _read(path: Path) -> Taxonomy:
    return read_learnt(path).tree if is_learnt(path) else open_taxonomy(path)


def matching(tree: Taxonomy, text: str, most: int) -> list[dict[str, str]]:
    """Categories whose whole name holds all words of a text, in the tree's order.

    Args:
        tree: of categories.
        text: what a person typed; empty for all.
        most: how many are given.

    Returns:
        ``id`` and ``name``, the whole path: ``Apparel > Shoes``.
    """
    words, found = folded(text).split(), []
    for category in tree:
        name = " > ".join(each.name for each in tree.path(category.id))
        if all(word in folded(name) for word in words):
            found.append({"id": category.id, "name": name})
            if len(found) == most:
                break
    return found
