"""``packshot search``: is the product in a photo in the catalogue?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.catalogue.options import (
    catalogue_option,
    filter_from,
    filter_options,
    ground_option,
    make_pipeline,
    store_at,
)
from packshot.cli.each import Output, answer_each
from packshot.cli.options import json_option, settings_from
from packshot.errors import CatalogueError, ModelError, PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.batch import Source
    from packshot.catalogue.photo_search import PhotoAnswer
    from packshot.catalogue.search_sheet import SheetRow

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
@click.option("--describe-model", metavar="NAME|FILE", help="The network that embeds. [default: describe]")
@json_option
def command(
    queries: tuple[str, ...],
    catalogue: str,
    top: int,
    category: str | None,
    attributes: tuple[str, ...],
    since: str | None,
    until: str | None,
    ground: str | None,
    threshold: float | None,
    sheet: str | None,
    each_view: bool,
    describe_model: str | None,
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
    from packshot.batch import find_sources
    from packshot.catalogue.indexing import Background
    from packshot.catalogue.photo_search import PhotoSearch
    from packshot.catalogue.search_sheet import failed_row, found_row, write_search_sheet

    if sheet is not None and Path(sheet).suffix.lower() not in {".html", ".png"}:
        raise UsageError(f"--sheet: expected FILE.html or FILE.png, got {sheet}", remedy="name the file so")
    where = filter_from(category=category, attributes=attributes, since=since, until=until)
    settings = settings_from(describe_model=describe_model)
    found = find_sources(queries)
    pictured: list[SheetRow] = []
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
            answer = find(source.path)
            if sheet is not None:
                pictured.append(found_row(source.path, answer.result, limits=settings.limits))
            row = _answer(answer)
            return Output(row, _line(source.path, row))

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


def _answer(answer: PhotoAnswer) -> dict[str, Any]:
    result = answer.result
    return {
        "hits": [
            {
                "id": product.best.id,
                "source": product.best.source,
                "score": round(product.best.score, 6),
                "sku": product.sku,
                "views": [{"id": view.id, "source": view.source} for view in product.views],
            }
            for product in answer.products
        ],
        "match": result.match,
        "threshold": result.threshold,
        "ground": str(answer.background),
        "familiar": answer.familiar,
    }


def _line(query: str, row: dict[str, Any]) -> str:
    verdict = {True: "match", False: "no match", None: "nearest"}[row["match"]]
    if not row["hits"]:
        return f"{query}\tno match, there is nothing to compare with"
    hits = "".join(f"\n\t{hit['score']:.3f}  {_product(hit)}" for hit in row["hits"])
    return f"{query}\t{verdict}{hits}"


def _product(hit: dict[str, Any]) -> str:
    views = f" and {len(hit['views']) - 1} more views" if len(hit["views"]) > 1 else ""
    return hit["source"] if hit["sku"] is None else f"{hit['sku']}: {hit['source']}{views}"
