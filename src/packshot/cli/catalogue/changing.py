"""``packshot catalogue compact | restore | remove | calibrate``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from packshot.cli.catalogue.options import CATALOGUE, Ground, background
from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import DESCRIBE_MODEL, JSON, settings_from
from packshot.cli.printing import print_notes, print_row

__all__ = ["calibrate", "compact", "remove", "restore"]


@packshot_command("compact")
def compact(
    catalogue: str = CATALOGUE,
    keep_days: float = option(
        "--keep-days",
        type=click.FloatRange(0),
        default=7.0,
        help="Snapshots younger than this stay; 0 keeps the present alone and is for times without readers.",
    ),
    as_json: bool = JSON,
) -> None:
    """Join small files, bring the search index up to date, and let go of old snapshots.

    Writing does the same by itself from time to time.

    \b
    packshot catalogue compact -c shop.catalogue
    packshot catalogue compact -c shop.catalogue --keep-days 30
    """
    from packshot.catalogue import upkeep
    from packshot.catalogue.store import open_store

    with open_store(catalogue) as store:
        done = upkeep.compact(store, keep=timedelta(days=keep_days))
    print_row(done.row(), done.words(), as_json=as_json)


@packshot_command("restore")
def restore(version: int | None = argument("[VERSION]"), catalogue: str = CATALOGUE, as_json: bool = JSON) -> None:
    """Go back to an earlier snapshot; the states since then stay, so this can be undone the same way.

    Without VERSION a catalogue that does not open any more goes back to its newest state that can be read; the files of
    the states after it are renamed, never deleted.

    \b
    packshot catalogue snapshots -c shop.catalogue
    packshot catalogue restore 12 -c shop.catalogue
    packshot catalogue restore -c damaged.catalogue
    """
    from packshot.catalogue import upkeep

    done = upkeep.restore(catalogue, version)
    print_row(done.row(), done.words(catalogue), as_json=as_json)


@packshot_command("remove")
def remove(ids: tuple[str, ...] = argument("ID..."), catalogue: str = CATALOGUE, as_json: bool = JSON) -> int:
    """Take items out by their id, as `packshot search --json` shows it. Exit code 3 if one is not there.

    A snapshot from before keeps them until `packshot catalogue compact` lets it go.

    \b
    packshot catalogue remove 0f1e2d... -c shop.catalogue
    """
    from packshot.catalogue import upkeep
    from packshot.catalogue.store import open_store

    with open_store(catalogue) as store:
        done = upkeep.remove(store, ids)
    print_notes(f"{each}: no such item" for each in done.missing)
    print_row(done.row(), done.words(), as_json=as_json)
    return 3 if done.missing else 0


@packshot_command("calibrate")
def calibrate(
    table: str = argument("QUERIES.csv"),
    catalogue: str = CATALOGUE,
    precision: float = option(
        "--precision", type=click.FloatRange(0, 1, min_open=True), default=0.95, help="Of the matches."
    ),
    ground: Ground = option("--ground", help="What the queries stand on, as in `packshot search`."),
    describe_model: str | None = DESCRIBE_MODEL,
    as_json: bool = JSON,
) -> int:
    """Fit the score from which on a hit is called a match, and keep it with the catalogue.

    QUERIES.csv has the columns photo (relative to the table) and item: the id or the source of the item that shows the
    same product, several with | between them, and nothing where the catalogue does not have it. Take photos as they
    will come, also of products that are not there: at least a few dozen. How often matches are right is measured on
    queries that did not choose the threshold.

    \b
    packshot catalogue calibrate queries.csv -c shop.catalogue
    packshot catalogue calibrate queries.csv -c shop.catalogue --precision 0.99
    """
    from packshot.batch.pipeline import make_pipeline
    from packshot.catalogue.calibration import calibrate as fit
    from packshot.catalogue.calibration import read_queries
    from packshot.catalogue.indexing import check_network
    from packshot.catalogue.store import open_store
    from packshot.cli.progress import Bar

    queries = read_queries(Path(table))
    settings = settings_from(describe_model=describe_model)
    with open_store(catalogue) as store:
        check_network(store, settings)
        pipeline, stands_on = make_pipeline(settings), background(ground)
        with Bar(len(queries), unit="query") as bar:
            done = fit(store, pipeline, queries, background=stands_on, precision=precision, progress=bar.step)
    print_row(done.row(), done.words(), as_json=as_json)
    return 3 if done.failed else 0
