"""``packshot catalogue``: look after a catalogue."""

from __future__ import annotations

import click

from packshot.cli.catalogue.changing import calibrate, compact, remove, restore
from packshot.cli.catalogue.looking import export, repeated, snapshots, stats, verify
from packshot.cli.catalogue.reindexing import reindex

__all__ = ["command"]


@click.group(
    name="catalogue",
    commands=[stats, verify, compact, snapshots, restore, export, repeated, remove, calibrate, reindex],
)
def command() -> None:
    """Look after a catalogue that `packshot index` filled and `packshot search` asks.

    CATALOGUE is a folder; s3://, gs:// or az:// with bucket and path; milvus://host:port/collection.

    \b
    packshot catalogue stats -c shop.catalogue
    packshot catalogue verify -c shop.catalogue                      is everything as it was written?
    packshot catalogue compact -c shop.catalogue                     join small files, bring the index up to date
    packshot catalogue snapshots -c shop.catalogue
    packshot catalogue restore 12 -c shop.catalogue
    packshot catalogue export items.parquet -c shop.catalogue --category apparel
    packshot catalogue repeated -c shop.catalogue                    products that are there several times
    packshot catalogue remove 1f2e3d... -c shop.catalogue
    packshot catalogue calibrate queries.csv -c shop.catalogue       when is a hit a match?
    packshot catalogue reindex -c shop.catalogue                     move to another network's embedding
    """
