"""``packshot search``: is the product in a photo in the catalogue?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.catalogue.options import catalogue_option, filter_options, ground_option, store_at
from packshot.cli.each import Output, answer_each, content_of, photos_named, shown
from packshot.cli.files import required_suffix
from packshot.cli.options import describe_model_option, json_option, limit_option, settings_from
from packshot.cli.pipeline import make_pipeline
from packshot.cli.streams import outlive_reader
from packshot.errors import CatalogueError, ModelError, PackshotError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.catalogue.photo_search import PhotoAnswer
    from packshot.catalogue.search import ProductHit
    from packshot.catalogue.search_sheet import SheetRow
    from packshot.catalogue.store import Filter

__all__ = ["command"]


@click.command(name="search")
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@catalogue_option
@click.option("--top", type=click.IntRange(1, 1000), default=5, show_default=True, metavar="K", help="Hits at most.")
@filter_options
@ground_option("What the query stands on when it is embedded. [default: as the catalogue's items, else both]")
@click.option("--threshold", type=click.FloatRange(-1, 1), help="Score of a match. [default: as it was calibrated]")
@click.option("--sheet", metavar="FILE.html|FILE.png", help="Write a contact sheet: every query with its hits.")
@click.option("--each-view", is_flag=True, help="Every photo is a hit of its own, also where several have one SKU.")
@describe_model_option
@limit_option
@json_option
def command(
    queries: tuple[str, ...],
    catalogue: str,
    top: int,
    where: Filter,
    ground: str | None,
    threshold: float | None,
    sheet: str | None,
    each_view: bool,
    describe_model: str | None,
    max_megapixels: float | None,
    as_json: bool,
) -> int:
    """Find the items of a catalogue that look most like the product in a photo, and say whether one is that product.

    QUERY are photos, folders or globs. A frame is removed, the product cut out and laid on white. "no match" is an
    answer: the nearest item is not near enough. Photos with one SKU (`packshot run --sku`) are one hit with its views,
    found by a query that looks like any of them. Where nobody has calibrated that, see `packshot catalogue calibrate`,
    hits are shown and the judgement is yours. The exit code is 3 if a query could not be asked; each is named.

    \b
    packshot search arrival.jpg -c shop.catalogue
    packshot search arrivals/ -c shop.catalogue --top 10 --sheet found.html
    packshot search shoe.jpg -c shop.catalogue --category shoes --attribute kids=no
    packshot search arrivals/ -c shop.catalogue --json > found.jsonl
    """
    from packshot.catalogue.indexing import Background
    from packshot.catalogue.photo_search import PhotoSearch
    from packshot.catalogue.search_sheet import failed_row, found_row, write_search_sheet

    if sheet is not None:
        required_suffix("--sheet", sheet, ".html", ".png")
    settings = settings_from(max_megapixels=max_megapixels, describe_model=describe_model)
    found = photos_named(queries)
    pictured: list[SheetRow] = []
    if sheet is not None:
        outlive_reader()
    with store_at(catalogue) as store:
        if store.model is not None and not where.is_everything and not store.count(where):
            click.echo("no item of the catalogue meets these conditions", err=True)
        find = PhotoSearch(
            store,
            make_pipeline(settings),
            background=None if ground is None else Background(ground),
            threshold=threshold,
            top=top,
            where=where,
            each_view=each_view,
        )

        def ask(source: Source) -> Output:
            photo = content_of(source, settings.limits)
            answer = find(photo, name=shown(source))
            if sheet is not None:
                pictured.append(found_row(shown(source), answer.result, limits=settings.limits, photo=photo))
            return Output(answer.row(), _line(shown(source), answer))

        def picture(source: Source, error: PackshotError) -> None:
            if sheet is not None:
                pictured.append(failed_row(source.path, error, limits=settings.limits))

        code = answer_each(
            found,
            ask,
            as_json=as_json,
            nothing=dict.fromkeys(("hits", "match", "threshold", "ground", "familiar")),
            key="query",
            unit="query",
            fatal=(CatalogueError, ModelError),  # of every query alike
            failed=picture,
        )
    if sheet is not None:
        write_search_sheet(Path(sheet), pictured, title=f"Search in {catalogue}")
    return code


def _line(query: str, answer: PhotoAnswer) -> str:
    if not answer.products:
        return f"{query}\tno match, there is nothing to compare with"
    verdict = {True: "match", False: "no match", None: "nearest"}[answer.result.match]
    hits = "".join(f"\n\t{product.best.score:.3f}  {_product(product)}" for product in answer.products)
    return f"{query}\t{verdict}{hits}"


def _product(product: ProductHit) -> str:
    views = f" and {len(product.views) - 1} more views" if len(product.views) > 1 else ""
    source = product.best.source
    return source if product.sku is None else f"{product.sku}: {source}{views}"
