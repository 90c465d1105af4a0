"""``packshot catalogue export``: the items as one Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.catalogue.options import catalogue_option, filter_options, store_at
from packshot.cli.options import json_option
from packshot.cli.printing import print_row
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.catalogue.store import Filter

__all__ = ["export"]


@click.command(name="export")
@click.argument("file", metavar="FILE.parquet")
@catalogue_option
@filter_options
@json_option
def export(file: str, catalogue: str, where: Filter, as_json: bool) -> int:
    """Write the items as one Parquet file, embeddings included, for pandas, DuckDB, Spark or another store.

    \b
    packshot catalogue export items.parquet -c shop.catalogue
    packshot catalogue export shoes.parquet -c shop.catalogue --category shoes --since 2026-01-01
    """
    if Path(file).is_dir():
        raise UsageError(f"{file} is a folder", remedy="name a file, such as items.parquet")
    with store_at(catalogue) as store:
        count = store.export(Path(file), where)
    print_row({"output": file, "items": count}, f"{file}: {count} items", as_json=as_json)
    return 0
