"""The structured data of a page that stands in its HTML: microdata, as the nodes its JSON-LD would have.

Source: html.spec.whatwg.org/multipage/microdata.html (2024), 5.2: ``itemscope``, ``itemtype``, ``itemprop``,
``itemid``, ``itemref``.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from packshot.collecting.json_ld import Node

__all__ = ["microdata"]

_MAX_DEPTH = 50
_MAX_ITEMS = 2000
_MAX_TEXT = 2000
# The attribute in which an element of this name says its value; of all others it is their text.
_VALUE_IN = {
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    **dict.fromkeys(("a", "area", "link"), "href"),
    "meta": "content",
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
}


def microdata(root: Any) -> list[Node]:
    """Read a page's items.

    Args:
        root: the page, as lxml parsed it.

    Returns:
        Every outermost item in the order of the page, as a node with ``@type``, ``@id`` and its properties; a property
        that is stated several times is a list. At most 2,000 items, 50 deep.
    """
    tops = root.xpath("//*[@itemscope][not(@itemprop)]")
    budget = [_MAX_ITEMS]
    return [_item(top, root, budget, ()) for top in tops[:_MAX_ITEMS] if budget[0] > 0]


def _item(element: Any, root: Any, budget: list[int], around: tuple[Any, ...]) -> dict[str, Any]:
    budget[0] -= 1
    node: dict[str, Any] = {}
    if element.get("itemtype"):
        node["@type"] = element.get("itemtype").split()
    if element.get("itemid"):
        node["@id"] = element.get("itemid")
    if len(around) >= _MAX_DEPTH:
        return node
    inside = (*around, element)
    waiting = list(element.iterchildren(etree.Element))[::-1]
    for name in element.get("itemref", "").split():
        waiting[:0] = root.xpath("//*[@id=$name]", name=name)[:1]
    seen = set[Any]()
    while waiting:
        child = waiting.pop()
        if child in seen:
            continue
        seen.add(child)
        nested = child.get("itemscope") is not None
        names = child.get("itemprop", "").split()
        if names:
            # An item within itself (by itemref) has no end.
            if nested and (child in inside or budget[0] <= 0):
                continue
            value = _item(child, root, budget, inside) if nested else _value(child)
            for name in names:
                _add(node, name, value)
        if not nested:
            waiting += list(child.iterchildren(etree.Element))[::-1]
    return node


def _value(element: Any) -> str:
    attribute = _VALUE_IN.get(element.tag)
    # Shops write content="" on any element, and lazy images keep their address elsewhere.
    stated = element.get("content") or (element.get(attribute) if attribute else None)
    if stated is None and element.tag == "img":
        stated = element.get("data-src")
    if stated is None and attribute in (None, "datetime", "value"):
        stated = " ".join("".join(element.itertext()).split())
    return (stated or "").strip()[:_MAX_TEXT]


def _add(node: dict[str, Any], name: str, value: Any) -> None:
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]
