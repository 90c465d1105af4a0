"""``packshot catalogue calibrate``: from which score on a hit is a match, fitted on queries whose answer is known."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import click

from packshot.cli.catalogue.opening import asked_ground, catalogue_option, ground_option, make_pipeline, store_at
from packshot.cli.options import json_option, settings_from
from packshot.errors import PackshotError, UsageError

__all__ = ["calibrate"]

_COLUMNS = ("photo", "item")


@dataclass(frozen=True, slots=True)
class _Query:
    """A labelled query: the photo, and the ids or sources of the items that show its product; none if none does."""

    photo: Path
    items: frozenset[str]


@click.command(name="calibrate")
@click.argument("table", metavar="QUERIES.csv")
@catalogue_option
@click.option(
    "--precision", type=click.FloatRange(0, 1, min_open=True), default=0.95, show_default=True, help="Of the matches."
)
@ground_option("What the queries stand on, as in `packshot search`.")
@click.option("--describe-model", metavar="NAME|FILE", help="The network that embeds. [default: describe]")
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
    from packshot.catalogue.indexing import ground_of, identity, look
    from packshot.catalogue.search import search, write_match_rule
    from packshot.cli.progress import Bar
    from packshot.evaluation import fit_match
    from packshot.runtime import MatchRule

    queries = _read(Path(table))
    pipeline = make_pipeline(settings_from(describe_model=describe_model))
    scores: list[float] = []
    right: list[bool] = []
    there: list[bool] = []
    failed = 0
    with store_at(catalogue) as store, Bar(len(queries), unit="query") as bar:
        model = store.model
        if model is None:
            raise UsageError(f"{catalogue} is empty", remedy="index photos first")
        asked = asked_ground(ground, model=model)
        for query in queries:
            try:
                seen = look(pipeline, query.photo, ground=asked)
            except PackshotError as error:
                failed += 1
                bar.write_line(str(error))
            else:
                asked_as = identity(seen.network, ground_of(model))
                (found,) = search(store, seen.embedding, model=asked_as, k=1, chances=[seen.chances])
                first = found.hits[0]
                scores.append(first.score)
                right.append(bool(query.items & {first.id, first.source}))
                there.append(bool(query.items))
            bar.update()
    if len(scores) < 2:
        raise UsageError(f"{table}: expected at least two photos that can be searched for", remedy="label more")
    fit = fit_match(scores, right, there=there, precision=precision)
    if fit.threshold is None or fit.precision is None:
        raise UsageError(
            f"no score is high enough for a precision of {precision:g} on these {fit.queries} queries",
            remedy="ask for less with --precision, label more queries, or train the network on such photos",
        )
    rule = MatchRule(
        threshold=fit.threshold,
        precision=fit.precision.value,
        coverage=fit.coverage.value,
        queries=fit.queries,
        ground=str(asked),
    )
    write_match_rule(catalogue, rule, model=model)
    row = rule.model_dump() | {"recall": None if fit.recall is None else fit.recall.value}
    if as_json:
        click.echo(json.dumps(row))
    else:
        interval = f"{fit.precision.low:.3f} to {fit.precision.high:.3f}"
        click.echo(f"a match from {rule.threshold:.4f} on: precision {rule.precision:.3f} ({interval})")
        recall = "" if fit.recall is None else f", {fit.recall.value:.0%} of the products that are there"
        click.echo(f"found: {rule.coverage:.0%} of {rule.queries} queries{recall}")
    return 3 if failed else 0


def _read(table: Path) -> list[_Query]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if not set(_COLUMNS) <= set(reader.fieldnames or ()):
                raise UsageError(f"{table}: expected the columns {', '.join(_COLUMNS)}", remedy="see --help")
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{table}: cannot be read ({error})", remedy="give a CSV file in UTF-8") from error
    return [
        _Query(table.parent / row["photo"], frozenset(filter(None, (row["item"] or "").split("|"))))
        for row in rows
        if row["photo"]
    ]
