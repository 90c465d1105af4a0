"""``packshot taxonomy``: look at category trees, take over those of others, and use your own."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.files import new_file
from packshot.cli.options import JSON
from packshot.cli.printing import print_row
from packshot.cli.taxonomy.own_tree import learn, map_onto
from packshot.errors import UsageError

__all__ = ["command"]


@packshot_command("show")
def show(file: str | None = argument("[FILE]"), as_json: bool = JSON) -> None:
    """Show a tree, the one that ships without FILE; a file that holds none is refused, its lines named.

    FILE is our own .toml, one path a line as `import` takes it, or what `learn` made.

    \b
    packshot taxonomy show
    packshot taxonomy show shop.toml --json
    """
    from packshot.description.own_tree import read_tree
    from packshot.description.taxonomy.words import category_row, tree_lines

    tree = read_tree(file)
    if not as_json:
        click.echo("\n".join(tree_lines(tree)))
    for category in tree if as_json else ():
        print_row(category_row(category, tree), "", as_json=True)


@packshot_command("import")
def take_over(
    file: str = argument("FILE"),
    out: str = option("-o", "--out", metavar="FILE", help="The .toml to write; it must not exist."),
    dialect: Literal["google", "shopify", "paths"] | None = option(
        "--format", help="How FILE is written. [default: as its first line looks]"
    ),
    name: str | None = option("--name", help="Of the tree. [default: google, shopify, or the file's]"),
    version: str | None = option("--version", help="Of the tree. [default: as FILE says, or 1]"),
    as_json: bool = JSON,
) -> None:
    """Turn a tree of others into our TOML, to choose from and to add to.

    FILE is Google's product taxonomy (with or without ids), Shopify's categories.txt, or lines such as
    `Apparel > Tops > T-Shirt`.

    \b
    packshot taxonomy import taxonomy-with-ids.en-US.txt -o google.toml
    packshot taxonomy import categories.txt -o shopify.toml
    packshot taxonomy import shop.txt -o shop.toml --name shop --version 2026-11
    """
    from packshot.description.taxonomy import Dialect, import_taxonomy, taxonomy_text
    from packshot.description.taxonomy.words import tree_row, tree_summary
    from packshot.storage import write_atomic

    if Path(out).suffix != ".toml":
        raise UsageError(f"{out}: expected a name that ends in .toml", remedy="name the file to write with -o")
    target = new_file(out)
    tree = import_taxonomy(file, dialect=Dialect(dialect) if dialect else None, name=name, version=version)
    write_atomic(target, taxonomy_text(tree).encode())
    print_row({"source": file, "output": out, **tree_row(tree)}, f"{out}: {tree_summary(tree)}", as_json=as_json)


@click.group(name="taxonomy", commands=[show, take_over, map_onto, learn])
def command() -> None:
    """Category trees: the one that ships, your own, Google's and Shopify's.

    \b
    packshot taxonomy show
    packshot taxonomy import taxonomy-with-ids.en-US.txt -o google.toml
    packshot taxonomy map shop.tree -o mapping.csv
    packshot taxonomy learn examples/ -o shop.learnt          then: packshot run ... --taxonomy shop.learnt
    """
