"""Which product a photo in a bucket shows: the rules of a run on folders, and a table that may lie in a bucket."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from packshot.batch.skus import Product, product_rule, table_of
from packshot.batch.sources import Source
from packshot.errors import ObjectNotFound, UsageError
from packshot.records import Record
from packshot.sharded.tables import is_table
from packshot.storage.objects import ObjectUri, is_object_uri, open_folder

__all__ = ["finishing", "sku_rule"]


def finishing(
    rule: str | None, sources: Sequence[str], wording: Callable[[Record], Record] | None
) -> Callable[[Record], Record] | None:
    """What is added to a photo's record when the manifest is written: its SKU, then its texts, which may name it.

    Args:
        rule: for SKUs, as for `sku_rule`; None: none are known.
        sources: of the run, as URIs.
        wording: writes the texts; None where none are asked for.

    Returns:
        The `finish` of `packshot.sharded.run_sharded`; None where nothing is added.

    Raises:
        UsageError: as `sku_rule`.
        StorageError: as `sku_rule`.
    """
    if rule is None:
        return wording
    with_sku = sku_rule(rule, sources)
    if wording is None:
        return with_sku
    return lambda record: wording(with_sku(record))


def sku_rule(rule: str, sources: Sequence[str]) -> Callable[[Record], Record]:
    """Gives the record of a photo its SKU; memory holds the table.

    No photo is made anew for it: SKUs are given when the manifest is written, each time from the table as it is then.
    Views are not numbered, for a photo that comes later would change the numbers of others.

    Args:
        rule: see `packshot.batch.skus.products_of`; the table may be a URI.
        sources: of the run, as URIs. Paths and patterns are those below them; of a photo that a table of URIs names,
            below its bucket.

    Returns:
        Called with each record; raises UsageError where the table names two photos by one name.

    Raises:
        UsageError: there is no such rule, or the table cannot be read.
        StorageError: the bucket of the table cannot be used.
    """
    product = _rule(rule)
    roots = sorted((uri.rstrip("/") for uri in sources if not is_table(uri)), key=len, reverse=True)

    def with_sku(record: Record) -> Record:
        return record.model_copy(update={"sku": product(_source(record.source, roots)).sku})

    return with_sku


def _source(uri: str, roots: Sequence[str]) -> Source:
    root = next((root for root in roots if uri.startswith(f"{root}/")), None)
    if root is not None:
        return Source(uri[len(root) + 1 :], uri, root.rpartition("/")[2])
    place = ObjectUri.parse(uri)
    path = place.path.strip("/")
    return Source(path.rpartition("/")[2] if uri in roots else path, uri, place.bucket)


def _rule(rule: str) -> Callable[[Source], Product]:
    table, column = table_of(rule)
    if table is None or not is_object_uri(table):
        return product_rule(rule)
    folder, name = ObjectUri.parse(table).split()
    try:
        data, _ = open_folder(folder).read(name)
    except ObjectNotFound as gone:
        raise UsageError(f"table {table} is not there", remedy="name one that is, as --sku TABLE.csv:COLUMN") from gone
    with tempfile.TemporaryDirectory(prefix="packshot-") as scratch:
        local = Path(scratch) / name.rpartition("/")[2]
        local.write_bytes(data)
        try:
            return product_rule(f"{local}:{column}")
        except UsageError as error:
            raise UsageError(error.message.replace(str(local), table), remedy=error.remedy) from error
