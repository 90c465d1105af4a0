"""Photos that teach a tree: which leaf each of them is of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from packshot.description.taxonomy import Taxonomy
from packshot.errors import UsageError
from packshot.listing import listed

__all__ = ["example_leaves"]

_NAMED = 5  # categories in a message
_FEWEST = 2  # photos of a category: one to learn from while the other is answered


def example_leaves(examples: Path, labels: list[str], tree: Taxonomy, *, allow_missing: bool) -> list[str]:
    """The leaf that each label means.

    Args:
        examples: where they lie, for messages.
        labels: of the photos: ids, names or paths.
        tree: the shop's.
        allow_missing: whether leaves without photos may be left out.

    Raises:
        UsageError: a label is not in the tree or is no leaf; a leaf has no photo, or fewer than two.
    """
    meant = {}
    for label in dict.fromkeys(labels):
        try:
            node = tree.lookup(label)
        except UsageError as error:
            raise UsageError(f"{examples}: {error.message}", remedy=error.remedy) from error
        if tree.children(node.id):
            raise UsageError(
                f"{examples}: photos of {tree.path_text(node.id)!r}, which has categories below it",
                remedy="put them into the folders of these, or add one to the tree for what is none of them",
            )
        meant[label] = node.id
    leaves = [meant[label] for label in labels]
    counts = Counter(leaves)
    missing = [tree.path_text(leaf.id) for leaf in tree.leaves() if leaf.id not in counts]
    if missing and not allow_missing:
        raise UsageError(
            f"{examples}: no photos of {listed(list(map(repr, missing)), _NAMED)}",
            remedy="add two photos or more of each, take them out of the tree, or leave them out with --allow-missing",
        )
    few = [tree.path_text(leaf) for leaf, count in counts.items() if count < _FEWEST]
    if few:
        raise UsageError(
            f"{examples}: only one photo of {listed(list(map(repr, few)), _NAMED)}",
            remedy="add one or more, five or more are better",
        )
    if len(counts) < 2:
        raise UsageError(f"{examples}: photos of one category alone", remedy="add photos of another one")
    return leaves
