"""``packshot taxonomy import``: take over a tree of others."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.taxonomy.reading import tree_summary

__all__ = ["take_over"]


@click.command(name="import")
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
        click.echo(f"{out}: {tree_summary(tree)}")
