"""``packshot search``: is the product in a photo in the catalogue?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.catalogue.options import CATALOGUE, Ground, Which, background
from packshot.cli.command import argument, option, packshot_command
from packshot.cli.each import Output, answer_each, photos_named
from packshot.cli.files import required_suffix
from packshot.cli.options import DESCRIBE_MODEL, JSON, MEGAPIXELS, settings_from
from packshot.cli.printing import print_notes
from packshot.cli.streams import outlive_reader
from packshot.errors import CatalogueError, ModelError

if TYPE_CHECKING:
    from packshot.batch import Source

__all__ = ["command"]


@packshot_command("search")
def command(
    *,
    queries: tuple[str, ...] = argument("QUERY..."),
    catalogue: str = CATALOGUE,
    top: int = option("--top", type=click.IntRange(1, 1000), default=5, metavar="K", help="Hits at most."),
    which: Which,
    ground: Ground = option(
        "--ground", help="What the query stands on when it is embedded. [default: as the catalogue's items, else both]"
    ),
    threshold: float | None = option(
        "--threshold", type=click.FloatRange(-1, 1), help="Score of a match. [default: as it was calibrated]"
    ),
    sheet: str | None = option(
        "--sheet", metavar="FILE.html|FILE.png", help="Write a contact sheet: every query with its hits."
    ),
    each_view: bool = option("--each-view", help="Every photo is a hit of its own, also where several have one SKU."),
    describe_model: str | None = DESCRIBE_MODEL,
    max_megapixels: float | None = MEGAPIXELS,
    as_json: bool = JSON,
) -> int:
    """Find the items of a catalogue that look most like the product in a photo, and say whether one is that product.

    QUERY are photos, folders or globs. A frame is removed, the product cut out and laid on white. "no match" is an
    answer: the nearest item is not near enough. Photos with one SKU (`packshot run --sku`) are one hit with its views,
    found by a query that looks like any of them. "nearest" leaves the judgement to you: no threshold is known, see
    `packshot catalogue calibrate`. The exit code is 3 if a query could not be asked; each is named.

    \b
    packshot search arrival.jpg -c shop.catalogue
    packshot search arrivals/ -c shop.catalogue --top 10 --sheet found.html
    packshot search shoe.jpg -c shop.catalogue --category shoes --attribute kids=no
    packshot search arrivals/ -c shop.catalogue --json > found.jsonl
    """
    from packshot.batch.pipeline import make_pipeline
    from packshot.batch.reading import content_of
    from packshot.catalogue.indexing import check_network
    from packshot.catalogue.photo_search import NEAREST, PhotoSearch
    from packshot.catalogue.search_sheet import SearchSheet
    from packshot.catalogue.store import open_store

    where = which.filter()
    settings = settings_from(max_megapixels=max_megapixels, describe_model=describe_model)
    if sheet is not None:
        required_suffix("--sheet", sheet, ".html", ".png")
        outlive_reader()
    found, page = photos_named(queries), SearchSheet(None if sheet is None else Path(sheet), settings.limits)
    undecided: set[str] = set()
    with open_store(catalogue) as store:
        if store.model is not None and not where.is_everything and not store.count(where):
            click.echo("no item of the catalogue meets these conditions", err=True)
        check_network(store, settings)
        find = PhotoSearch(
            store,
            make_pipeline(settings),
            background=background(ground),
            threshold=threshold,
            top=top,
            where=where,
            each_view=each_view,
        )

        def ask(source: Source) -> Output:
            photo = content_of(source, settings.limits)
            answer = find(photo, name=source.shown)
            page.add(source.shown, answer.result, photo, verdict=answer.verdict)
            if find.undecided is not None and answer.verdict == NEAREST:
                undecided.add(find.undecided)
            return Output(answer.row(), f"{source.shown}\t{answer.words()}")

        code = answer_each(
            found,
            ask,
            as_json=as_json,
            nothing=dict.fromkeys(("hits", "match", "threshold", "match_score", "ground", "familiar", "verdict")),
            key="query",
            unit="query",
            fatal=(CatalogueError, ModelError),  # of every query alike
            failed=lambda source, error: page.add_failed(source.path, error),
        )
    print_notes(undecided)
    page.write(title=f"Search in {catalogue}", notes=sorted(undecided))
    return code
