"""One tree mapped onto another: where a category of the first belongs in the second, and how that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from packshot.description.taxonomy.category import Category, folded
from packshot.description.taxonomy.tree import Taxonomy

__all__ = ["Match", "MatchedBy", "map_taxonomy", "unreached"]

_PARTS = re.compile(r"[&/,+]| and | und | i | oraz ")
_OTHERS = ("google", "shopify")


class MatchedBy(StrEnum):
    """How it is known where a category belongs."""

    #: The shop's own table says so.
    TABLE = "table"
    #: Names are the same, in any of the languages the trees have.
    NAME = "name"
    #: A name of one is a synonym of the other.
    SYNONYM = "synonym"
    #: A name is part of the other's: Tops of "Shirts & Tops".
    PART = "part of the name"
    #: Both name the same category of Google's.
    GOOGLE = "google"
    #: Both name the same category of Shopify's.
    SHOPIFY = "shopify"
    #: Nothing of its own; the category above it belongs there.
    PARENT = "parent"
    #: Nothing fits.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Match:
    """Where a category of one tree belongs in another.

    Attributes:
        category_id: in the tree that is mapped.
        node_id: in the other tree; None where it belongs nowhere.
        by: how that is known.
        candidates: ids of the nodes that fit alike, where there are several; `node_id` is then the deepest one above
            all of them, or None.
    """

    category_id: str
    node_id: str | None
    by: MatchedBy
    candidates: tuple[str, ...] = ()


def map_taxonomy(
    source: Taxonomy, target: Taxonomy, *, table: Mapping[str, str | None] | None = None
) -> tuple[Match, ...]:
    """Map every category in use of one tree onto another.

    The first of these that fits: the table; a name; a synonym; a part of a name; an id of Google's or Shopify's; the
    match of the category above. Names are compared without case, hyphens and plural endings. Of several nodes those
    below the match of a category above are taken, and of several still, the deepest node above them all.

    An id of the other tree that is Google's own (a tree imported from Google's list) surely contains the category. A
    node that merely names an id of Google's (`Category.elsewhere`) is taken for the topmost category with that id, and
    only if no name speaks for something else there.

    Args:
        source: the tree a network answers in.
        target: the shop's.
        table: id in `source` to id in `target`; None for what the shop does not have. It holds for the categories
            below, too, unless something of their own fits.

    Returns:
        One match for each category in use, parents before their children.

    Example:
        >>> ours = Taxonomy("ours", "1", (Category("a", "Apparel"), Category("t", "T-Shirt", "a")))
        >>> shop = Taxonomy("shop", "1", (Category("x", "Clothes"), Category("y", "T-shirts", "x")))
        >>> [(match.category_id, match.node_id, str(match.by)) for match in map_taxonomy(ours, shop)]
        [('a', None, 'nothing'), ('t', 'y', 'name')]
    """
    return tuple(_Mapper(source, target, table or {}).matches())


def unreached(target: Taxonomy, matches: Iterable[Match]) -> tuple[Category, ...]:
    """Leaves of the shop's tree that no category leads to: there the parent is the most that can be answered."""
    reached = {match.node_id for match in matches}
    return tuple(leaf for leaf in target.leaves() if leaf.id not in reached)


class _Mapper:
    def __init__(self, source: Taxonomy, target: Taxonomy, table: Mapping[str, str | None]) -> None:
        self.source, self.target, self.table = source, target, table
        self.found: dict[str, Match] = {}
        nodes = target.descendants()
        self.names = _index((key, node.id) for node in nodes for key in _names(node))
        self.synonyms = _index((key, node.id) for node in nodes for key in _synonyms(node))
        self.parts = _index((key, node.id) for node in nodes for key in _parts(node))
        # Nodes that a category is called like are not taken for another one by their number alone.
        keys = {key for each in source.descendants() for key in (*_names(each), *_synonyms(each))}
        self.claimed = {node for index in (self.names, self.synonyms) for key in keys for node in index.get(key, ())}

    def matches(self) -> Iterator[Match]:
        for category in self.source.descendants():
            self.found[category.id] = self._match(category)
            yield self.found[category.id]

    def _match(self, category: Category) -> Match:
        if category.id in self.table:
            return Match(category.id, self.table[category.id], MatchedBy.TABLE)
        above = self.found.get(category.parent_id or "")
        for by, nodes in self._fitting(category):
            narrowed = self._narrowed(nodes, category)
            if len(narrowed) == 1:
                return Match(category.id, narrowed[0], by)
            if narrowed:
                return Match(category.id, self._above_all(narrowed), by, tuple(narrowed))
        if above is not None and above.node_id is not None:
            return Match(category.id, above.node_id, MatchedBy.PARENT, above.candidates)
        return Match(category.id, None, MatchedBy.NOTHING, above.candidates if above else ())

    def _fitting(self, category: Category) -> Iterator[tuple[MatchedBy, Sequence[str]]]:
        names, synonyms = _names(category), _synonyms(category)
        if category.id in self.target and folded(self.target[category.id].name) == folded(category.name):
            yield MatchedBy.NAME, (category.id,)  # the shop's tree began as a copy of this one
        yield MatchedBy.NAME, _looked_up(self.names, names)
        yield MatchedBy.SYNONYM, _looked_up(self.names, synonyms) + _looked_up(self.synonyms, (*names, *synonyms))
        yield MatchedBy.PART, _looked_up(self.parts, names)
        for other in _OTHERS:
            yield MatchedBy(other), self._by_id(category, other)

    def _by_id(self, category: Category, other: str) -> Sequence[str]:
        number = category.elsewhere.get(other)
        if number is None:
            return ()
        if number in self.target and not self.target[number].deprecated:
            return (number,)
        if any(above.elsewhere.get(other) == number for above in self.source.ancestors(category.id)):
            return ()  # the one above is meant
        nodes = [each for each in self.target.descendants() if each.elsewhere.get(other) == number]
        topmost = [
            node.id
            for node in nodes
            if not any(above.elsewhere.get(other) == number for above in self.target.ancestors(node.id))
        ]
        return tuple(node for node in topmost if node not in self.claimed)

    def _narrowed(self, nodes: Sequence[str], category: Category) -> list[str]:
        """Those below the nodes of the categories above, if any are."""
        for above in self.source.ancestors(category.id):
            match = self.found[above.id]
            inside = [node for node in nodes if match.node_id is not None and self._is_within(node, match.node_id)]
            if inside:
                return list(dict.fromkeys(inside))
        return list(dict.fromkeys(nodes))

    def _is_within(self, node: str, above: str) -> bool:
        return any(each.id == above for each in self.target.path(node))

    def _above_all(self, nodes: Sequence[str]) -> str | None:
        shared: str | None = nodes[0]
        for node in nodes[1:]:
            common = None if shared is None else self.target.common_ancestor(shared, node)
            shared = None if common is None else common.id
        return shared


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, node in pairs:
        found.setdefault(key, []).append(node)
    return found


def _looked_up(index: Mapping[str, Sequence[str]], keys: Iterable[str]) -> list[str]:
    return [node for key in keys for node in index.get(key, ())]


def _names(category: Category) -> tuple[str, ...]:
    return _keys((category.name, *category.names.values()))


def _synonyms(category: Category) -> tuple[str, ...]:
    return _keys(category.synonyms)


def _parts(category: Category) -> tuple[str, ...]:
    texts = [part for name in (category.name, *category.names.values()) for part in _PARTS.split(name)]
    return _keys(text for text in texts if text.strip())


def _keys(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(map(_singular, folded(text).split())) for text in texts))


def _singular(word: str) -> str:
    """An English plural without its ending; what merely ends like one loses it on both sides alike."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "oes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
