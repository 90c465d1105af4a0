"""What makes a list of categories no tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packshot.description.taxonomy.category import Category

__all__ = ["find_problems"]


def find_problems(categories: Sequence[Category], places: Sequence[str] | None = None) -> list[str]:
    """Everything that keeps categories from being a `Taxonomy`, in the order of the list.

    No categories; an id given twice; a parent that does not exist; circles of parents; two names under one parent that
    differ in case at most; a replacement that does not exist, or circles of replacements; a
    category in use below a deprecated one.

    Args:
        categories: in any order.
        places: where each stands, such as ``line 7``, for the messages. By default ``category 7``, counted from 1.

    Returns:
        One sentence a problem; empty when all is well.

    Example:
        >>> find_problems([Category("tops", "Tops", parent_id="apparel")])
        ["category 1: the parent 'apparel' of 'Tops' does not exist"]
    """
    if not categories:
        return ["there are no categories"]
    if places is None:
        places = [f"category {number}" for number in range(1, len(categories) + 1)]
    known: dict[str, int] = {}
    for index, category in enumerate(categories):
        known.setdefault(category.id, index)
    found = [*_entries(categories, places, known), *_twins(categories, places)]
    for links, word in (
        ({category.id: category.parent_id for category in categories}, "parents"),
        ({category.id: category.replaced_by for category in categories}, "replacements"),
    ):
        for circle in _circles(links):
            way = " -> ".join(map(repr, [*circle, circle[0]]))
            found.append((known[circle[0]], f"the {word} go in a circle: {way}"))
    return [f"{places[index]}: {text}" for index, text in sorted(found, key=lambda problem: problem[0])]


def _entries(
    categories: Sequence[Category], places: Sequence[str], known: Mapping[str, int]
) -> Iterator[tuple[int, str]]:
    for index, category in enumerate(categories):
        if known[category.id] != index:
            yield index, f"the id {category.id!r} of {category.name!r} was given before ({places[known[category.id]]})"
        if category.parent_id is not None:
            parent = known.get(category.parent_id)
            if parent is None:
                yield index, f"the parent {category.parent_id!r} of {category.name!r} does not exist"
            elif categories[parent].deprecated and not category.deprecated:
                yield index, f"{category.name!r} is in use, but its parent {category.parent_id!r} is deprecated"
        if category.replaced_by is not None and category.replaced_by not in known:
            yield index, f"the replacement {category.replaced_by!r} of {category.name!r} does not exist"


def _twins(categories: Sequence[Category], places: Sequence[str]) -> Iterator[tuple[int, str]]:
    first: dict[tuple[str | None, str], int] = {}
    for index, category in enumerate(categories):
        if category.deprecated:
            continue
        earlier = first.setdefault((category.parent_id, category.name.casefold()), index)
        if earlier != index:
            under = "among the roots" if category.parent_id is None else f"under {category.parent_id!r}"
            yield index, f"there is another {category.name!r} {under} ({places[earlier]})"


def _circles(links: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Each circle once."""
    done: set[str] = set()
    for start in links:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in links and here not in done and here not in way:
            way[here] = None
            here = links[here]
        if here is not None and here in way:
            members = list(way)
            yield members[members.index(here) :]
        done.update(way)
