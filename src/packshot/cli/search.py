"""``packshot search``: is the product in a photo in the catalogue?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.catalogue.opening import (
    asked_ground,
    catalogue_option,
    filter_from,
    filter_options,
    ground_option,
    make_pipeline,
    store_at,
)
from packshot.cli.options import json_option, settings_from
from packshot.errors import CatalogueError, ModelError, PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.catalogue.search import Found, SheetRow
    from packshot.limits import Limits
    from packshot.pipeline import Pipeline
    from packshot.runtime import MatchRule

__all__ = ["command"]


@click.command(name="search")
@click.argument("queries", nargs=-1, required=True, metavar="QUERY...")
@catalogue_option
@click.option("--top", type=click.IntRange(1, 1000), default=5, show_default=True, metavar="K", help="Hits at most.")
@filter_options
@ground_option("What the query stands on when it is embedded. [default: as the catalogue's items, else both]")
@click.option("--threshold", type=click.FloatRange(-1, 1), help="Score of a match. [default: as it was calibrated]")
@click.option("--sheet", metavar="FILE.html|FILE.png", help="Write a contact sheet: every query with its hits.")
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
    describe_model: str | None,
    as_json: bool,
) -> int:
    """Find the items of a catalogue that look most like the product in a photo, and say whether one is that product.

    QUERY are photos, folders or globs. A frame is removed, the product cut out and laid on white. "no match" is an
    answer: the nearest item is not near enough. Where nobody has calibrated that, see `packshot catalogue calibrate`,
    hits are shown and the judgement is yours. The exit code is 3 if a query could not be asked; each is named.

    \b
    packshot search arrival.jpg -c shop.catalogue
    packshot search arrivals/ -c shop.catalogue --top 10 --sheet found.html
    packshot search shoe.jpg -c shop.catalogue --category shoes --attribute kids=no
    packshot search arrivals/ -c shop.catalogue --json > found.jsonl
    """
    from packshot.batch import find_sources
    from packshot.catalogue.indexing import ground_of, identity, look, match_rule
    from packshot.catalogue.search import SheetCell, SheetRow, search
    from packshot.cli.progress import Bar

    _require_sheet(sheet)
    where = filter_from(category=category, attributes=attributes, since=since, until=until)
    settings = settings_from(describe_model=describe_model)
    found = find_sources(queries)
    rows: list[SheetRow] = []
    failed = 0
    with store_at(catalogue) as store, Bar(len(found), unit="query") as bar:
        kept = _require_items(store.model, catalogue)
        if not where.is_everything and not store.count(where):
            bar.write_line("no item of the catalogue meets these conditions")
        pipeline = make_pipeline(settings)
        asked = asked_ground(ground, model=kept)
        general = False  # whether the threshold holds only for the kinds the network was taught
        if threshold is None:  # a damaged rule is in nobody's way who gives a threshold
            threshold, general = _fitted(match_rule(catalogue, pipeline, ground=asked, model=kept), pipeline)
        for source in found:
            row: dict[str, Any] = {"query": source.path}
            try:
                seen = look(pipeline, source.path, ground=asked)
                model = identity(seen.network, ground_of(kept))
                (answer,) = search(
                    store,
                    seen.embedding,
                    model=model,
                    k=top,
                    where=where,
                    threshold=threshold,
                    chances=[seen.chances],
                )
                answer = _doubted(answer, familiar=seen.description.familiar or not general)
                row |= _answer(answer, asked) | {"familiar": seen.description.familiar}
                line = _line(row)
                if sheet is not None:
                    rows.append(_row(source.path, answer, settings.limits))
            except (CatalogueError, ModelError):
                raise  # of every query alike
            except PackshotError as error:
                failed += 1
                bar.write_line(str(error))
                line = None
                fault = {"code": error.code, "message": error.message, "remedy": error.remedy}
                row |= dict.fromkeys(("hits", "match", "threshold", "ground", "familiar")) | {"error": fault}
                if sheet is not None:
                    picture = _picture(source.path, settings.limits)
                    problem = error.message.removeprefix(f"{source.path}: ")
                    rows.append(SheetRow(SheetCell(picture, source.path), problem=problem))
            if as_json:
                click.echo(json.dumps(row))
            elif line is not None:
                click.echo(line)
            bar.update()
    if sheet is not None:
        _write(rows, Path(sheet), catalogue)
    return 3 if failed else 0


def _fitted(rule: MatchRule | None, pipeline: Pipeline) -> tuple[float | None, bool]:
    """The score from which a hit is a match, and whether it holds only for the kinds the network was taught."""
    from packshot.catalogue.indexing import describer_of

    if rule is None:
        return None, False
    return rule.threshold, rule == describer_of(pipeline).network.card.match


def _doubted(answer: Found, *, familiar: bool) -> Found:
    """Of a kind of product that the network's own threshold was not fitted on, nothing is called a match."""
    return answer if familiar or answer.match is None else replace(answer, match=False)


def _answer(answer: Found, ground: str) -> dict[str, Any]:
    return {
        "hits": [{"id": hit.id, "source": hit.source, "score": round(hit.score, 6)} for hit in answer.hits],
        "match": answer.match,
        "threshold": answer.threshold,
        "ground": str(ground),
        "error": None,
    }


def _line(row: dict[str, Any]) -> str:
    verdict = {True: "match", False: "no match", None: "nearest"}[row["match"]]
    if not row["hits"]:
        return f"{row['query']}\tno match, there is nothing to compare with"
    hits = "".join(f"\n\t{hit['score']:.3f}  {hit['source']}" for hit in row["hits"])
    return f"{row['query']}\t{verdict}{hits}"


def _require_sheet(sheet: str | None) -> None:
    if sheet is not None and Path(sheet).suffix.lower() not in {".html", ".png"}:
        raise UsageError(f"--sheet: expected FILE.html or FILE.png, got {sheet}", remedy="name the file so")


def _require_items(model: str | None, catalogue: str) -> str:
    if model is None:
        raise UsageError(f"{catalogue} is empty", remedy=f"index photos first: packshot index PHOTOS -c {catalogue}")
    return model


def _row(query: str, answer: Found, limits: Limits) -> SheetRow:
    from packshot.catalogue.search import SheetCell, SheetRow

    hits = tuple(SheetCell(_picture(hit.source, limits), hit.source, hit.score) for hit in answer.hits)
    problem = "" if hits else "there is nothing to compare with"
    return SheetRow(SheetCell(_picture(query, limits), query), hits, match=answer.match, problem=problem)


def _picture(source: str, limits: Limits) -> Any:
    """Pixels of a photo; None where it is not at hand any more."""
    from packshot.photo import decode

    try:
        return decode(source, limits=limits).rgb
    except PackshotError:
        return None


def _write(rows: list[SheetRow], path: Path, catalogue: str) -> None:
    from packshot.batch import write_atomic
    from packshot.catalogue.search import sheet_html, sheet_png
    from packshot.photo import encode

    if path.suffix.lower() == ".png":
        write_atomic(path, encode(sheet_png(rows), format="PNG").data)
    else:
        write_atomic(path, sheet_html(rows, title=f"Search in {catalogue}").encode())
