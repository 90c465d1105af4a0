"""``packshot taxonomy``: look at category trees, and take over those of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option

if TYPE_CHECKING:
    from packshot.description.taxonomy import Taxonomy

__all__ = ["command", "read_tree"]


@click.group(name="taxonomy")
def command() -> None:
    """Category trees: the one that ships, your own, Google's and Shopify's.

    \b
    packshot taxonomy show
    packshot taxonomy import taxonomy-with-ids.en-US.txt -o google.toml
    """


@command.command(name="show")
@click.argument("file", required=False)
@json_option
def show(file: str | None, as_json: bool) -> None:
    """Show a tree, the one that ships without FILE; a file that holds none is refused, its lines named.

    FILE is our own .toml, or one path a line as `import` takes it.

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
    click.echo(_summary(tree))
    for category in tree.descendants():
        click.echo(f"{'  ' * len(tree.path(category.id))}{category.name}  [{category.id}]")
    for category in tree:
        if category.deprecated:
            instead = f"use {category.replaced_by}" if category.replaced_by else "nothing replaces it"
            click.echo(f"  deprecated: {tree.path_text(category.id)}  [{category.id}], {instead}")


@command.command(name="import")
@click.argument("file")
@click.option("-o", "--out", required=True, metavar="FILE", help="The .toml to write; it must not exist.")
@click.option(
    "--format",
    "dialect",
    type=click.Choice(["google", "shopify", "paths"]),
    help="How FILE is written. [default: as its first line looks]",
)
@click.option("--name", help="Of the tree. [default: google, shopify, or the file's]")
@click.option("--version", "version", help="Of the tree. [default: as FILE says, or 1]")
@json_option
def take_over(file: str, out: str, dialect: str | None, name: str | None, version: str | None, as_json: bool) -> None:
    """Turn a tree of others into our TOML, to choose from and to add to.

    FILE is Google's product taxonomy (with or without ids), Shopify's categories.txt, or lines such as
    `Apparel > Tops > T-Shirt`.

    \b
    packshot taxonomy import taxonomy-with-ids.en-US.txt -o google.toml
    packshot taxonomy import categories.txt -o shopify.toml
    packshot taxonomy import shop.txt -o shop.toml --name shop --version 2026-11
    """
    from packshot.batch import write_atomic
    from packshot.description.taxonomy import Dialect, import_taxonomy, taxonomy_text
    from packshot.errors import UsageError

    target = Path(out)
    if target.suffix != ".toml":
        raise UsageError(f"{out}: expected a name that ends in .toml", remedy="name the file to write with -o")
    if target.exists():
        raise UsageError(f"{out} exists, and is not overwritten", remedy="name another file with -o, or remove it")
    tree = import_taxonomy(file, dialect=Dialect(dialect) if dialect else None, name=name, version=version)
    write_atomic(target, taxonomy_text(tree).encode())
    if as_json:
        counts = {"categories": len(tree), "leaves": len(tree.leaves())}
        click.echo(json.dumps({"source": file, "output": out, "name": tree.name, "version": tree.version, **counts}))
    else:
        click.echo(f"{out}: {_summary(tree)}")


def read_tree(file: str | None) -> Taxonomy:
    """The tree of a file, our own .toml or one path a line; the one that ships without one.

    Raises:
        UsageError: the file holds none.
    """
    from packshot.description.taxonomy import import_taxonomy, load_taxonomy, read_taxonomy

    if file is None:
        return load_taxonomy()
    return read_taxonomy(file) if file.endswith(".toml") else import_taxonomy(file)


def _summary(tree: Taxonomy) -> str:
    return f"{tree.name} {tree.version}, {len(tree)} categories, {len(tree.leaves())} of them leaves"
