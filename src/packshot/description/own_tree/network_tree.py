"""The tree a network answers in, as a `Taxonomy`: its labels, and what the tree that ships knows of them."""

from __future__ import annotations

from packshot.description.taxonomy import Category, Taxonomy, load_taxonomy
from packshot.errors import ModelMismatch
from packshot.heads import Head, HeadKind

__all__ = ["network_tree"]


def network_tree(head: Head, *, network: str) -> Taxonomy:
    """The categories of a head.

    Args:
        head: a tree of categories, or a choice, whose values are then roots.
        network: its name, for the tree and for messages.

    Returns:
        Every label but "none of these"; those that stand in the tree that ships with its synonyms, names and ids
        elsewhere.

    Raises:
        ModelMismatch: the head has tags, or its labels make no tree.
    """
    if head.kind is HeadKind.TAGS:
        raise ModelMismatch(
            f"{network}: its categories are tags, which make no tree", remedy="take a network with a category tree"
        )
    shipped = load_taxonomy()
    parents = head.parents or (-1,) * len(head.labels)
    categories = []
    try:
        for place, label in enumerate(head.labels):
            if label == head.nothing:
                continue
            known = shipped[label] if label in shipped else None  # noqa: SIM401 - a taxonomy has no get
            categories.append(
                Category(
                    label,
                    head.title(place),
                    None if parents[place] < 0 else head.labels[parents[place]],
                    elsewhere=known.elsewhere if known else {},
                    synonyms=known.synonyms if known else (),
                    names=known.names if known else {},
                )
            )
        return Taxonomy(network, "1", tuple(categories))
    except ValueError as error:
        raise ModelMismatch(f"{network}: its categories make no tree ({error})", remedy="export it again") from error
