"""A tree in words and as JSON has it."""

from __future__ import annotations

from packshot.counting import counted
from packshot.description.taxonomy.category import Category
from packshot.description.taxonomy.tree import Taxonomy

__all__ = ["category_row", "tree_lines", "tree_row", "tree_summary"]


def tree_summary(tree: Taxonomy) -> str:
    """Name, version and size."""
    leaves = counted(len(tree.leaves()), "of them a leaf", "of them leaves")
    return f"{tree.name} {tree.version}, {counted(len(tree), 'category', 'categories')}, {leaves}"


def tree_row(tree: Taxonomy) -> dict[str, object]:
    """The same as JSON has it."""
    leaves = len(tree.leaves())
    return {"name": tree.name, "version": tree.version, "categories": len(tree), "leaves": leaves}


def tree_lines(tree: Taxonomy) -> list[str]:
    """The summary, a line for each category from the roots down, and what is deprecated."""
    lines = [tree_summary(tree)]
    lines += [f"{'  ' * len(tree.path(each.id))}{each.name}  [{each.id}]" for each in tree.descendants()]
    for category in tree:
        if category.deprecated:
            instead = f"use {category.replaced_by}" if category.replaced_by else "nothing replaces it"
            lines.append(f"  deprecated: {tree.path_text(category.id)}  [{category.id}], {instead}")
    return lines


def category_row(category: Category, tree: Taxonomy) -> dict[str, object]:
    """One category of a tree."""
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "name": category.name,
        "path": tree.path_text(category.id),
        "leaf": not category.deprecated and not tree.children(category.id),
        "deprecated": category.deprecated,
        "replaced_by": category.replaced_by,
        "elsewhere": dict(category.elsewhere),
    }
