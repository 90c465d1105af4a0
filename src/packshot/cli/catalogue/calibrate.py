"""``packshot catalogue calibrate``: from which score on a hit is a match, fitted on queries whose answer is known."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.catalogue.options import catalogue_option, ground_option, store_at
from packshot.cli.options import describe_model_option, json_option, settings_from
from packshot.cli.pipeline import make_pipeline
from packshot.cli.printing import print_row

__all__ = ["calibrate"]


@click.command(name="calibrate")
@click.argument("table", metavar="QUERIES.csv")
@catalogue_option
@click.option(
    "--precision", type=click.FloatRange(0, 1, min_open=True), default=0.95, show_default=True, help="Of the matches."
)
@ground_option("What the queries stand on, as in `packshot search`.")
@describe_model_option
@json_option
def calibrate(
    table: str, catalogue: str, precision: float, ground: str | None, describe_model: str | None, as_json: bool
) -> int:
    """Fit the score from which on a hit is called a match, and keep it with the catalogue.

    QUERIES.csv has the columns photo (relative to the table) and item: the id or the source of the item that shows the
    same product, several with | between them, and nothing where the catalogue does not have it. Take photos as they
    will come, also of products that are not there: at least a few dozen. What the matches are worth is measured on
    queries that did not choose the threshold.

    \b
    packshot catalogue calibrate queries.csv -c shop.catalogue
    packshot catalogue calibrate queries.csv -c shop.catalogue --precision 0.99
    """
    from packshot.catalogue import calibration
    from packshot.catalogue.indexing import Background
    from packshot.cli.progress import Bar

    queries = calibration.read_queries(Path(table))
    pipeline = make_pipeline(settings_from(describe_model=describe_model))
    with store_at(catalogue) as store, Bar(len(queries), unit="query") as bar:
        done = calibration.calibrate(
            store,
            pipeline,
            queries,
            background=None if ground is None else Background(ground),
            precision=precision,
            progress=bar.step,
        )
    rule, fit = done.rule, done.fit
    interval = "" if fit.precision is None else f" ({fit.precision.low:.3f} to {fit.precision.high:.3f})"
    recall = "" if fit.recall is None else f", {fit.recall.value:.0%} of the products that are there"
    print_row(
        rule.model_dump() | {"recall": None if fit.recall is None else fit.recall.value},
        f"a match from {rule.threshold:.4f} on: precision {rule.precision:.3f}{interval}\n"
        f"found: {rule.coverage:.0%} of {rule.queries} queries{recall}",
        as_json=as_json,
    )
    return 3 if done.failed else 0
