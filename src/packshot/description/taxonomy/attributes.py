"""What a tree says of all that is in a category: sex and fit, by attributes or by names that mean nothing else."""

from __future__ import annotations

from packshot.description.taxonomy.category import folded
from packshot.description.taxonomy.tree import Taxonomy

__all__ = ["FIT", "NOT_KNOWN", "SEX", "tree_attributes"]

#: For whom a product is made, as trees of garments divide: women, men, unisex, girls, boys.
SEX = "sex"
#: How a garment sits: slim, regular, loose.
FIT = "fit"
#: The value of what a tree does not say.
NOT_KNOWN = "not known"

_WORDS = {
    (SEX, "women"): ("women", "womens", "women's", "ladies", "damen", "damenmode", "frauen", "kobiety", "damskie"),
    (SEX, "men"): ("men", "mens", "men's", "herren", "herrenmode", "männer", "mężczyźni", "męskie"),
    (SEX, "girls"): ("girls", "mädchen", "dziewczynki"),
    (SEX, "boys"): ("boys", "jungen", "chłopcy"),
    (SEX, "unisex"): ("unisex",),
    (FIT, "slim"): ("slim", "slim fit", "skinny", "skinny fit"),
    (FIT, "regular"): ("regular", "regular fit"),
    (FIT, "loose"): ("loose", "loose fit", "relaxed", "relaxed fit", "oversize", "oversized"),
}
_VALUES = {word: said for said, words in _WORDS.items() for word in words}


def tree_attributes(tree: Taxonomy, category_id: str) -> dict[str, tuple[str, str]]:
    """What the tree says of a category, its own word before those of the categories above it.

    An attribute that is written in the tree counts first. Without one, sex and fit are read from a name that is such a
    word and nothing else: ``Women``, ``Herren``, ``Slim Fit``. ``Women's Day`` says nothing.

    Args:
        tree: the shop's.
        category_id: of one of its categories.

    Returns:
        Name to value and the id of the category that says so.

    Raises:
        UsageError: there is no such category.

    Example:
        >>> from packshot.description.taxonomy import Category
        >>> tree = Taxonomy("shop", "1", (Category("w", "Women"), Category("d", "Dress", "w")))
        >>> tree_attributes(tree, "d")
        {'sex': ('women', 'w')}
    """
    found: dict[str, tuple[str, str]] = {}
    for category in reversed(tree.path(category_id)):
        for name, value in category.attributes.items():
            found.setdefault(name, (value, category.id))
        if read := _VALUES.get(folded(category.name)):
            found.setdefault(read[0], (read[1], category.id))
    return found
