"""How a network's categories are mapped onto a shop's tree, in words and as JSON has it."""

from __future__ import annotations

from packshot.description.own_tree.mapped import MappedTree
from packshot.description.taxonomy import Match, Taxonomy
from packshot.listing import listed

__all__ = ["gap_lines", "match_row", "match_words"]

_NAMED = 8  # categories on a line


def gap_lines(own: MappedTree) -> list[str]:
    """What is not mapped: categories that belong nowhere, nodes that nothing leads to; empty if all is."""
    lines = []
    if outside := own.unmapped:
        lines.append(f"not in {own.tree.name}: {listed([own.name_of(each) for each in outside], _NAMED)}")
    if alone := own.unreached:
        lines.append(
            f"no category of the network leads to {listed([own.tree.path_text(each.id) for each in alone], _NAMED)}: "
            "there the parent is answered (teach them: packshot taxonomy learn)"
        )
    return lines


def match_row(match: Match, own: MappedTree) -> dict[str, object]:
    """Where one category of the network belongs, as JSON has it."""
    path = None if match.node_id is None else own.tree.path_text(match.node_id)
    return {
        "category": match.category_id,
        "node": match.node_id,
        "by": str(match.by),
        "path": path,
        "candidates": list(match.candidates),
    }


def match_words(match: Match, own: MappedTree, ours: Taxonomy) -> str:
    """The same for a person.

    Args:
        match: of a category.
        own: the shop's tree.
        ours: the network's.
    """
    path = "-" if match.node_id is None else own.tree.path_text(match.node_id)
    others = "; ".join(own.tree.path_text(each) for each in match.candidates)
    return f"{ours.path_text(match.category_id)}\t{path}\t{match.by}" + (f" (either of {others})" if others else "")
