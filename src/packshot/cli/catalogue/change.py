"""``packshot catalogue compact``, ``restore`` and ``remove``."""

from __future__ import annotations

from datetime import timedelta

import click

from packshot.cli.catalogue.options import catalogue_option, store_at
from packshot.cli.options import json_option
from packshot.cli.printing import print_row
from packshot.errors import UsageError

__all__ = ["compact", "remove", "restore"]


@click.command(name="compact")
@catalogue_option
@click.option(
    "--keep-days",
    type=click.FloatRange(0),
    default=7.0,
    show_default=True,
    help="Snapshots younger than this stay; 0 keeps the present alone and is for times without readers.",
)
@json_option
def compact(catalogue: str, keep_days: float, as_json: bool) -> int:
    """Join small files, bring the search index up to date, and let go of old snapshots.

    Writing does the same by itself from time to time.

    \b
    packshot catalogue compact -c shop.catalogue
    packshot catalogue compact -c shop.catalogue --keep-days 30
    """
    with store_at(catalogue) as store:
        before = store.stats()
        store.compact(keep=timedelta(days=keep_days))
        after = store.stats()
    row = {
        "items": after.items,
        "fragments": [before.fragments, after.fragments],
        "snapshots": [before.snapshots, after.snapshots],
        "stored_bytes": [before.stored_bytes, after.stored_bytes],
        "indexed": after.indexed,
    }
    text = (
        f"{after.items} items: {before.fragments} -> {after.fragments} pieces, "
        f"{before.snapshots} -> {after.snapshots} snapshots, {after.indexed} items in the index"
    )
    print_row(row, text, as_json=as_json)
    return 0


@click.command(name="restore")
@click.argument("version", type=int, required=False)
@catalogue_option
@json_option
def restore(version: int | None, catalogue: str, as_json: bool) -> int:
    """Go back to an earlier snapshot; the states since then stay, so this can be undone the same way.

    Without VERSION a catalogue that does not open any more goes back to its newest state that can be read; the files of
    the states after it are renamed, never deleted.

    \b
    packshot catalogue snapshots -c shop.catalogue
    packshot catalogue restore 12 -c shop.catalogue
    packshot catalogue restore -c damaged.catalogue
    """
    from packshot.catalogue.store import set_aside_damaged

    aside: list[str] = []
    if version is None:
        aside = [str(path) for path in set_aside_damaged(catalogue)]
        if not aside:
            raise UsageError(
                f"{catalogue} opens as it is: nothing to repair",
                remedy="name the snapshot to go back to: packshot catalogue snapshots",
            )
    with store_at(catalogue) as store:
        if version is not None:
            store.restore(version)
        items = store.count()
    text = "\n".join([*(f"set aside: {path}" for path in aside), f"{catalogue}: {items} items"])
    print_row({"version": version, "items": items, "set_aside": aside}, text, as_json=as_json)
    return 0


@click.command(name="remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@catalogue_option
@json_option
def remove(ids: tuple[str, ...], catalogue: str, as_json: bool) -> int:
    """Take items out by their id, as `packshot search --json` shows it. Exit code 3 if one is not there.

    A snapshot from before keeps them until `packshot catalogue compact` lets it go.

    \b
    packshot catalogue remove 0f1e2d... -c shop.catalogue
    """
    with store_at(catalogue) as store:
        missing = sorted(set(ids) - store.get(ids).keys())
        removed = store.delete(ids)
        items = store.count()
    for each in missing:
        click.echo(f"{each}: no such item", err=True)
    row = {"removed": removed, "missing": missing, "items": items}
    print_row(row, f"{removed} removed, {items} left", as_json=as_json)
    return 3 if missing else 0
