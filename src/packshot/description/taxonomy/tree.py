"""The tree: who is whose parent, the way to a category, and how far two are apart."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field

from packshot.description.taxonomy.category import Category, check_text, folded, path_text, split_path
from packshot.description.taxonomy.validation import find_problems
from packshot.errors import UsageError

__all__ = ["Taxonomy"]

_LISTED = "`packshot taxonomy show` lists the tree that ships, `packshot taxonomy show FILE` your own"


@dataclass(frozen=True)
class Taxonomy:
    """Categories as a tree; several roots stand side by side, as if below one root without a name.

    Deprecated categories can be looked up and have a path, but are nobody's children and no leaves.

    Args:
        name: of the tree.
        version: changes whenever a category comes, goes or moves; recorded with a network that was trained on it.
        categories: in any order; siblings keep it.

    Raises:
        ValueError: the name or the version is empty or has control characters; or the categories make no tree, and
            the message lists why, as `find_problems` does.

    Example:
        >>> shoes, hats = Category("s", "Shoes", "a"), Category("h", "Hats", "a")
        >>> tree = Taxonomy("shop", "1", (Category("a", "Apparel"), shoes, hats))
        >>> tree.path_text("s"), tree.distance("s", "h"), tree.common_ancestor("s", "h").name
        ('Apparel > Shoes', 2, 'Apparel')
    """

    name: str
    version: str
    categories: tuple[Category, ...]
    _by_id: dict[str, Category] = field(init=False, repr=False, compare=False)
    _children: dict[str | None, tuple[Category, ...]] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, list[Category]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_text("name", self.name)
        check_text("version", self.version)
        problems = find_problems(self.categories)
        if problems:
            raise ValueError(f"taxonomy {self.name!r}: {'; '.join(problems)}")
        by_id = {category.id: category for category in self.categories}
        children: dict[str | None, list[Category]] = {}
        by_name: dict[str, list[Category]] = {}
        for category in self.categories:
            by_name.setdefault(folded(category.name), []).append(category)
            if not category.deprecated:
                children.setdefault(category.parent_id, []).append(category)
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_children", {parent: tuple(below) for parent, below in children.items()})
        object.__setattr__(self, "_by_name", by_name)

    def __len__(self) -> int:
        return len(self.categories)

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories)

    def __contains__(self, category_id: object) -> bool:
        return category_id in self._by_id

    def __getitem__(self, category_id: str) -> Category:
        """The category of that id, deprecated or not.

        Raises:
            UsageError: there is none.
        """
        if category_id not in self._by_id:
            raise self._unknown(category_id)
        return self._by_id[category_id]

    @property
    def roots(self) -> tuple[Category, ...]:
        """The categories without a parent."""
        return self._children.get(None, ())

    def children(self, category_id: str) -> tuple[Category, ...]:
        """The categories right below one."""
        return self._children.get(self[category_id].id, ())

    def path(self, category_id: str) -> tuple[Category, ...]:
        """The way to a category: from its root down, itself last."""
        way = [self[category_id]]
        while way[-1].parent_id is not None:
            way.append(self._by_id[way[-1].parent_id])
        return tuple(reversed(way))

    def path_text(self, category_id: str) -> str:
        """The names of `path`, as in ``Apparel > Tops > T-Shirt``."""
        return path_text(self.path(category_id))

    def ancestors(self, category_id: str) -> tuple[Category, ...]:
        """All categories above one, its parent first, its root last."""
        return self.path(category_id)[-2::-1]

    def descendants(self, category_id: str | None = None) -> tuple[Category, ...]:
        """All categories below one, or all in use; a parent comes before its children, siblings stay together."""
        below = self.roots if category_id is None else self.children(category_id)
        waiting, found = list(reversed(below)), []
        while waiting:
            found.append(waiting.pop())
            waiting += reversed(self._children.get(found[-1].id, ()))
        return tuple(found)

    def leaves(self, category_id: str | None = None) -> tuple[Category, ...]:
        """The categories without children at or below one, or all of them, in the order of `descendants`."""
        below = self.descendants(category_id)
        if category_id is not None and not below:
            return () if self[category_id].deprecated else (self[category_id],)
        return tuple(category for category in below if category.id not in self._children)

    def common_ancestor(self, one_id: str, other_id: str) -> Category | None:
        """The deepest category that both are at or below; None when they have different roots."""
        shared = [one for one, other in zip(self.path(one_id), self.path(other_id), strict=False) if one.id == other.id]
        return shared[-1] if shared else None

    def distance(self, one_id: str, other_id: str) -> int:
        """Steps from one category to another along the tree; between two roots there are 2, through the root of all."""
        one, other = self.path(one_id), self.path(other_id)
        shared = sum(a.id == b.id for a, b in zip(one, other, strict=False))
        return len(one) + len(other) - 2 * shared

    def current(self, category_id: str) -> Category:
        """The category to use instead of a deprecated one, and of its replacements; any other is returned as it is.

        Raises:
            UsageError: there is no such category, or it was deprecated without a replacement.
        """
        category = self[category_id]
        while category.deprecated:
            if category.replaced_by is None:
                raise UsageError(
                    f"{self.path_text(category.id)!r} ({category.id}) is deprecated in the category tree "
                    f"{self.name!r}, version {self.version}, and nothing replaces it",
                    remedy=f"choose another category: {_LISTED}",
                )
            category = self._by_id[category.replaced_by]
        return category

    def lookup(self, text: str) -> Category:
        """The category that a label means.

        Args:
            text: an id, a name, or a path or its end (``Tops > T-Shirt``); in names, case, hyphens, underscores and
                blanks make no difference. A deprecated category's name is found where no other has it.

        Returns:
            A category in use: what is deprecated is replaced as `current` does.

        Raises:
            UsageError: nothing of that name (similar ones are listed), several (their paths are listed), or it is
                deprecated without a replacement.
        """
        if text in self._by_id:
            return self.current(text)
        wanted = tuple(map(folded, split_path(text)))
        found = [category for category in self._by_name.get(wanted[-1], ()) if self._ends(category, wanted)]
        found = [category for category in found if not category.deprecated] or found
        if len(found) > 1:
            found = [category for category in found if len(self.path(category.id)) == len(wanted)] or found
        if not found:
            raise self._unknown(text)
        current = {category.id: category for category in (self.current(each.id) for each in found)}
        if len(current) > 1:
            paths = "; ".join(self.path_text(category_id) for category_id in current)
            raise UsageError(f"{text!r} is the name of several categories: {paths}", remedy="give the path or the id")
        return next(iter(current.values()))

    def _ends(self, category: Category, wanted: tuple[str, ...]) -> bool:
        names = tuple(folded(each.name) for each in self.path(category.id))
        return names[-len(wanted) :] == wanted

    def _unknown(self, text: str) -> UsageError:
        names = {folded(category.name): category.name for category in self.categories if not category.deprecated}
        close = difflib.get_close_matches(folded(text), names, n=3)
        like = f"did you mean {' or '.join(repr(names[name]) for name in close)}? If not, " if close else ""
        return UsageError(
            f"no category {text!r} in the category tree {self.name!r}, version {self.version}",
            remedy=like + _LISTED,
        )
