"""``packshot taxonomy map``: where what the network says belongs in a shop's own tree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.description.own_tree import MappedTree
    from packshot.settings import Settings

__all__ = ["map_onto", "mapping_lines", "tell_mapping"]


@click.command(name="map")
@click.argument("file")
@click.option("--mapping", metavar="CSV", help="Your corrections: columns category and node.")
@click.option("--model", "describe_model", metavar="NAME|FILE", help="Whose categories. [default: describe]")
@click.option("-o", "--out", metavar="CSV", help="Write the whole table, to correct and give to --mapping.")
@json_option
def map_onto(file: str, mapping: str | None, describe_model: str | None, out: str | None, as_json: bool) -> int:
    """Show where the network's categories belong in your tree: by names, synonyms, and ids of Google and Shopify.

    FILE is your tree, a .toml or one path a line. What belongs nowhere is listed, and so are your categories that
    nothing leads to: of their photos only the parent is answered, unless they are learnt from examples.

    \b
    packshot taxonomy map shop.tree
    packshot taxonomy map shop.tree -o mapping.csv
    packshot run photos/ -o out/ --taxonomy shop.tree --mapping mapping.csv
    """
    from packshot.batch import write_atomic
    from packshot.description import describer
    from packshot.description.own_tree import MappedTree, network_tree
    from packshot.description.taxonomy import mapping_text

    if out is not None and Path(out).exists():
        raise UsageError(f"{out} exists, and is not overwritten", remedy="name another file with -o, or remove it")
    settings = settings_from(describe_model=describe_model, taxonomy=file, mapping=mapping)
    describe = describer(settings.describe_model, settings)
    if describe is None or not isinstance(describe.own_tree, MappedTree):
        raise UsageError(f"{file} was learnt from photos, nothing of it is mapped", remedy="name the tree itself")
    own = describe.own_tree
    ours = network_tree(own.head, network=describe.network.id)
    for match in own.matches:
        path = None if match.node_id is None else own.tree.path_text(match.node_id)
        others = [own.tree.path_text(each) for each in match.candidates]
        if as_json:
            row = {"category": match.category_id, "node": match.node_id, "by": str(match.by)}
            click.echo(json.dumps({**row, "path": path, "candidates": list(match.candidates)}))
        else:
            either = f" (either of {'; '.join(others)})" if others else ""
            click.echo(f"{ours.path_text(match.category_id)}\t{path or '-'}\t{match.by}{either}")
    for line in mapping_lines(own):
        click.echo(line, err=True)
    if out is not None:
        write_atomic(Path(out), mapping_text(own.matches, ours, own.tree).encode())
    return 0


def mapping_lines(own: MappedTree) -> list[str]:
    """What is not mapped, in words: categories that belong nowhere, nodes that nothing leads to; empty if all is."""
    lines = []
    if outside := own.unmapped:
        lines.append(f"not in {own.tree.name}: {_listed([own.name_of(each) for each in outside])}")
    if alone := own.unreached:
        lines.append(
            f"no category of the network leads to {_listed([own.tree.path_text(each.id) for each in alone])}: "
            "there the parent is answered (teach them: packshot taxonomy learn)"
        )
    return lines


def _listed(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def tell_mapping(settings: Settings) -> None:
    """Name what is not mapped onto the shop's tree; a tree that cannot be read ends the run before its first photo."""
    from packshot.description import describer
    from packshot.description.own_tree import MappedTree

    describe = describer(settings.describe_model, settings)
    if describe is None:
        raise UsageError("--taxonomy without a network that describes", remedy="leave out --describe-model none")
    if isinstance(describe.own_tree, MappedTree):
        for line in mapping_lines(describe.own_tree):
            click.echo(line, err=True)
