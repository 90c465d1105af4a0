"""One category, and how the names of categories are compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["SEPARATOR", "Category", "check_text", "folded", "path_text", "split_path"]

#: Between the names of a path, as Google and Shopify write it.
SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Category:
    """A node of a `Taxonomy`.

    Attributes:
        id: names the category for good: it stays when the name or the parent changes, and is never given to another.
        name: to show a person; without ``>``.
        parent_id: None for a root.
        deprecated: no longer given to new photos; kept so that old records can still be read.
        replaced_by: the id of the category to use instead; only for a deprecated one.
        elsewhere: ids of the deepest category that surely contains this one in other taxonomies, such as
            ``{"google": "204", "shopify": "gid://shopify/TaxonomyCategory/aa-1-12"}``.
        synonyms: other names of it, by which another tree is mapped onto it.
        names: its name in other languages, such as ``{"de": "Hose", "pl": "Spodnie"}``.
        attributes: what is true of everything in it, such as ``{"sex": "women", "fit": "slim"}``.

    Raises:
        ValueError: an id or a name is empty, or has blanks around it, control characters or (a name) a ``>``;
            `replaced_by` without `deprecated`.
    """

    id: str
    name: str
    parent_id: str | None = None
    deprecated: bool = False
    replaced_by: str | None = None
    elsewhere: Mapping[str, str] = field(default_factory=dict, hash=False)
    synonyms: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_text("id", self.id)
        check_text("name", self.name)
        for synonym in self.synonyms:
            check_text("synonyms", synonym)
        for what, texts in (("names", self.names), ("attributes", self.attributes)):
            for key, text in texts.items():
                check_text(f"key of {what}", key)
                check_text(f"{what}.{key}", text)
        if ">" in self.name:
            raise ValueError(f"name: expected one without '>', which separates the names of a path, got {self.name!r}")
        if self.replaced_by is not None and not self.deprecated:
            raise ValueError(f"replaced_by: expected only for a deprecated category, got {self.replaced_by!r}")


def folded(name: str) -> str:
    """A name as it is compared: case, blanks, hyphens and underscores make no difference.

    Example:
        >>> folded("Golden-Delicious") == folded("golden  delicious")
        True
    """
    text = unicodedata.normalize("NFC", name).casefold()
    return " ".join(text.replace("-", " ").replace("_", " ").split())


def split_path(path: str) -> tuple[str, ...]:
    """The names of a path, from the root down, each with single blanks and in Unicode's composed form.

    Example:
        >>> split_path("Apparel >Tops  > T-Shirt")
        ('Apparel', 'Tops', 'T-Shirt')
    """
    return tuple(" ".join(unicodedata.normalize("NFC", name).split()) for name in path.split(">"))


def path_text(categories: Iterable[Category]) -> str:
    """The path of categories given from the root down.

    Example:
        >>> path_text([Category("1", "Apparel"), Category("2", "Tops", "1")])
        'Apparel > Tops'
    """
    return SEPARATOR.join(category.name for category in categories)


def check_text(what: str, text: str) -> None:
    """Raise ValueError unless `text` has something, no control characters and no blanks around it."""
    bad = not text or text != text.strip() or any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text)
    if bad:
        raise ValueError(f"{what}: expected text without control characters and blanks around it, got {text!r}")
