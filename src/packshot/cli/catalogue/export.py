"""``packshot catalogue export``: the items as one Parquet file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.catalogue.options import catalogue_option, filter_from, filter_options, store_at
from packshot.cli.options import json_option
from packshot.errors import UsageError

__all__ = ["export"]


@click.command(name="export")
@click.argument("file", metavar="FILE.parquet")
@catalogue_option
@filter_options
@json_option
def export(
    file: str,
    catalogue: str,
    category: str | None,
    attributes: tuple[str, ...],
    since: str | None,
    until: str | None,
    as_json: bool,
) -> int:
    """Write the items as one Parquet file, embeddings included, for pandas, DuckDB, Spark or another store.

    \b
    packshot catalogue export items.parquet -c shop.catalogue
    packshot catalogue export shoes.parquet -c shop.catalogue --category shoes --since 2026-01-01
    """
    if Path(file).is_dir():
        raise UsageError(f"{file} is a folder", remedy="name a file, such as items.parquet")
    where = filter_from(category=category, attributes=attributes, since=since, until=until)
    with store_at(catalogue) as store:
        count = store.export(Path(file), where)
    if as_json:
        click.echo(json.dumps({"output": file, "items": count}))
    else:
        click.echo(f"{file}: {count} items")
    return 0
