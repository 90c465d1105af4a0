"""``packshot taxonomy show``: look at a tree."""

from __future__ import annotations

import json

import click

from packshot.cli.options import json_option
from packshot.cli.taxonomy.reading import read_tree, tree_summary

__all__ = ["show"]


@click.command(name="show")
@click.argument("file", required=False)
@json_option
def show(file: str | None, as_json: bool) -> None:
    """Show a tree, the one that ships without FILE; a file that holds none is refused, its lines named.

    FILE is our own .toml, one path a line as `import` takes it, or what `learn` made.

    \b
    packshot taxonomy show
    packshot taxonomy show shop.toml --json
    """
    tree = read_tree(file)
    if as_json:
        for category in tree:
            click.echo(
                json.dumps(
                    {
                        "id": category.id,
                        "parent_id": category.parent_id,
                        "name": category.name,
                        "path": tree.path_text(category.id),
                        "leaf": not category.deprecated and not tree.children(category.id),
                        "deprecated": category.deprecated,
                        "replaced_by": category.replaced_by,
                        "elsewhere": dict(category.elsewhere),
                    }
                )
            )
        return
    click.echo(tree_summary(tree))
    for category in tree.descendants():
        click.echo(f"{'  ' * len(tree.path(category.id))}{category.name}  [{category.id}]")
    for category in tree:
        if category.deprecated:
            instead = f"use {category.replaced_by}" if category.replaced_by else "nothing replaces it"
            click.echo(f"  deprecated: {tree.path_text(category.id)}  [{category.id}], {instead}")
