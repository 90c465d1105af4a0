"""The structured data of a page: JSON-LD blocks as one graph of nodes that refer to each other.

Source: www.w3.org/TR/json-ld11 (2020), as far as shops use it with schema.org: ``@graph``, ``@id`` references,
``@list``, ``@value``, types as names, addresses or lists. Contexts other than schema.org's are not expanded.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["Graph", "Node", "text_of"]

Node = Mapping[str, Any]

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)*|(?:-->|//\s*\]\]>|\]\]>|;|/\*.*?\*/)*\s*$"
)
_MAX_DEPTH = 100
_MAX_TEXT = 500


class Graph:
    """All nodes of a page.

    Args:
        blocks: the text of each JSON-LD script.
        items: nodes that stand elsewhere in the page, as `microdata` gives them.

    Attributes:
        roots: what the blocks hold, as parsed.
        broken: blocks that are no JSON.
    """

    def __init__(self, blocks: Iterable[str], items: Iterable[Node] = ()) -> None:
        self.roots: list[Any] = []
        self.broken = 0
        for block in blocks:
            try:
                self.roots.append(json.loads(_WRAPPING.sub("", block), strict=False))
            except (ValueError, RecursionError):
                self.broken += 1
        self.roots += items
        self._by_id: dict[str, Node] = {}
        for node, _ in self.walk():
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(self._by_id.get(name, ())):
                self._by_id[name] = node

    def walk(
        self, *, leave_out: frozenset[str] = frozenset(), end_at: frozenset[str] = frozenset()
    ) -> Iterator[tuple[Node, frozenset[str]]]:
        """Every node, outer ones first, in the order of the page.

        Args:
            leave_out: keys that are not entered.
            end_at: types whose nodes are given, but not entered.

        Yields:
            A node, and the types of all nodes around it.
        """
        stack: list[tuple[Any, frozenset[str], int]] = [(root, frozenset(), 0) for root in reversed(self.roots)]
        while stack:
            value, around, depth = stack.pop()
            if depth > _MAX_DEPTH:
                continue
            if isinstance(value, list):
                stack += [(inner, around, depth + 1) for inner in reversed(value)]
            elif isinstance(value, dict):
                yield value, around
                types = self.types(value)
                if not types & end_at:
                    inside = [inner for key, inner in value.items() if key not in leave_out]
                    stack += [(inner, around | types, depth + 1) for inner in reversed(inside)]

    def types(self, node: Node) -> frozenset[str]:
        """A node's types without their vocabulary: ``Product`` for ``https://schema.org/Product``."""
        given = node.get("@type")
        names = given if isinstance(given, list) else [given]
        return frozenset(re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str))

    def resolved(self, value: Any) -> Any:
        """What a reference (a node with no more than ``@id`` and ``@type``) refers to; all else as it is."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and value.keys() <= {"@id", "@type"}:
            return self._by_id.get(value["@id"], value)
        return value

    def all_of(self, value: Any) -> list[Any]:
        """A value that may stand alone, in a list, in an ``@list``, or behind references, as a list."""
        value = self.resolved(value)
        if isinstance(value, dict) and "@list" in value:
            value = value["@list"]
        if isinstance(value, list):
            return [self.resolved(inner) for inner in value]
        return [] if value is None else [value]


def text_of(value: Any) -> str:
    """The words of a value: a string, a number, the first of a list, the ``@value`` or ``name`` of a node.

    Returns:
        At most 500 characters on one line, without entities or control characters; empty where there are no words.

    Example:
        >>> text_of([{"name": "Bags &amp;  Cases"}])
        'Bags & Cases'
    """
    for _ in range(5):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value", value.get("name"))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    words = " ".join(html.unescape(str(value)).split())
    return "".join(sign for sign in words if sign.isprintable())[:_MAX_TEXT].strip()
