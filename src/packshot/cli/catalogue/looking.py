"""``packshot catalogue stats | verify | snapshots | export | repeated``: nothing of the catalogue is changed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from packshot.cli.catalogue.options import CATALOGUE, Which
from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import JSON
from packshot.cli.printing import print_row, print_table
from packshot.counting import counted
from packshot.errors import UsageError

__all__ = ["export", "repeated", "snapshots", "stats", "verify"]


@packshot_command("stats")
def stats(
    catalogue: str = CATALOGUE,
    sample: int | None = option(
        "--recall", type=click.IntRange(1), metavar="N", help="Measure the index's recall on N items."
    ),
    as_json: bool = JSON,
) -> None:
    """How many items there are, of which network, how they are stored, and how good the index is.

    \b
    packshot catalogue stats -c shop.catalogue
    packshot catalogue stats -c shop.catalogue --recall 100 --json
    """
    from packshot.catalogue.store import open_store

    with open_store(catalogue) as store:
        found = store.stats(recall_sample=sample or 0)
    print_row(asdict(found), found.words(), as_json=as_json)


@packshot_command("verify")
def verify(catalogue: str = CATALOGUE, as_json: bool = JSON) -> int:
    """Read everything and say what is wrong; nothing is changed. Exit code 3 if anything is.

    \b
    packshot catalogue verify -c shop.catalogue
    """
    from packshot.catalogue import upkeep

    found = upkeep.verify(catalogue)
    print_row(found.row(), found.words(), as_json=as_json)
    return 0 if found.ok else 3


@packshot_command("snapshots")
def snapshots(catalogue: str = CATALOGUE, as_json: bool = JSON) -> None:
    """States that `packshot catalogue restore` can go back to, oldest first; the last one is the present.

    \b
    packshot catalogue snapshots -c shop.catalogue
    """
    from packshot.catalogue.store import open_store

    with open_store(catalogue) as store:
        found = store.snapshots()
    rows, cells = (each.row() for each in found), [each.cells for each in found]
    print_table(rows, ("version", "written", "items"), cells, left=2, as_json=as_json)


@packshot_command("repeated")
def repeated(
    *,
    catalogue: str = CATALOGUE,
    threshold: float | None = option(
        "--threshold",
        type=click.FloatRange(-1, 1),
        help="Score from which on it is one product. [default: 0.9; garments, or where the kind is unknown, 0.95]",
    ),
    which: Which,
    as_json: bool = JSON,
) -> None:
    """List products that are there several times, in photos of their own, for a person to look at.

    Items are compared by their embeddings; those that a filter names (--since yesterday's date) with all others. Photos
    with one SKU are known to show one product, and are not listed for that. `packshot duplicates` tells which are the
    same photo. Shirts that differ in a print, or two sizes of a pack, may look like one product, in a large catalogue
    more often than in a small one: raise --threshold until the list is right.

    \b
    packshot index s3://shop/out -c s3://shop/catalogue && packshot catalogue repeated -c s3://shop/catalogue
    packshot catalogue repeated -c shop.catalogue --since 2026-11-30
    packshot catalogue repeated -c shop.catalogue --threshold 0.95 --json > repeated.jsonl
    """
    from packshot.catalogue.repeated_products import find_repeated_products
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar

    where = which.filter()
    with open_store(catalogue) as store, Bar(store.count(where), unit="item") as bar:
        found = find_repeated_products(store, threshold=threshold, where=where, progress=bar.update)
    for number, product in enumerate(found.products, start=1):
        print_row({"product": number, **product.row()}, f"product {number}\t{product.words()}", as_json=as_json)
    click.echo(found.words(), err=True)


@packshot_command("export")
def export(
    *,
    file: str = argument("FILE.parquet"),
    catalogue: str = CATALOGUE,
    which: Which,
    as_json: bool = JSON,
) -> None:
    """Write the items as one Parquet file, embeddings included, for pandas, DuckDB, Spark or another store.

    \b
    packshot catalogue export items.parquet -c shop.catalogue
    packshot catalogue export shoes.parquet -c shop.catalogue --category shoes --since 2026-01-01
    """
    from packshot.catalogue.store import open_store

    where = which.filter()
    if Path(file).is_dir():
        raise UsageError(f"{file} is a folder", remedy="name a file, such as items.parquet")
    with open_store(catalogue) as store:
        count = store.export(Path(file), where)
    print_row({"output": file, "items": count}, f"{file}: {counted(count, 'item')}", as_json=as_json)
