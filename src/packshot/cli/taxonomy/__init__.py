"""``packshot taxonomy``: look at category trees, take over those of others, and use your own."""

from __future__ import annotations

import click

from packshot.cli.taxonomy.learn import learn
from packshot.cli.taxonomy.map import map_onto
from packshot.cli.taxonomy.reading import read_tree
from packshot.cli.taxonomy.show import show
from packshot.cli.taxonomy.take_over import take_over

__all__ = ["command", "read_tree"]


@click.group(name="taxonomy")
def command() -> None:
    """Category trees: the one that ships, your own, Google's and Shopify's.

    \b
    packshot taxonomy show
    packshot taxonomy import taxonomy-with-ids.en-US.txt -o google.toml
    packshot taxonomy map shop.tree -o mapping.csv
    packshot taxonomy learn examples/ -o shop.learnt          then: packshot run ... --taxonomy shop.learnt
    """


for each in (show, take_over, map_onto, learn):
    command.add_command(each)
