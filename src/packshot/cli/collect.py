"""``packshot collect``: product photos and labels from a shop's pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, settings_from
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.collecting import Collected, Happening, Job

__all__ = ["command"]


@click.command(name="collect")
@click.argument("starts", nargs=-1, required=True, metavar="URL...")
@click.option("-o", "--out", required=True, metavar="DIR", help="Folder for the photos; repeat the command to resume.")
@click.option("--depth", type=click.IntRange(0, 20), help="Links to follow from a start page. [default: 2]")
@click.option("--allow-host", "allow_hosts", multiple=True, metavar="HOST", help="A further host to read from.")
@click.option("--allow-private", is_flag=True, help="The hosts named here may have private addresses.")
@click.option("--contact", metavar="TEXT", help="Your mail or web address, told to every host.")
@click.option("--rate", type=click.FloatRange(0, 100, min_open=True), help="Requests a second and host. [default: 1]")
@click.option("--max-pages", type=click.IntRange(1), help="Pages read into DIR. [default: 1000]")
@click.option("--max-photos", type=click.IntRange(1), help="Photos kept in DIR. [default: 10000]")
@click.option("--max-minutes", type=click.FloatRange(0, min_open=True), help="Longest run. [default: 60]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds for one page or photo. [default: 30]")
@click.option("--selectors", metavar="FILE.toml", help="Where pages show what, and a rule for labels.")
@click.option("--refresh", is_flag=True, help="Read pages again that an earlier run has read; photos are kept.")
@json_option
def command(starts: tuple[str, ...], out: str, max_minutes: float | None, as_json: bool, **given: Any) -> int:
    """Fetch product photos and their categories from a shop's own pages, for training and comparison.

    Products are found by their schema.org data (JSON-LD or microdata), or by CSS selectors that --selectors names, on
    the pages named, on pages linked from them, and, from a front page on, by the sitemaps that robots.txt names.
    robots.txt is obeyed, always. Only collect what you may use: docs/how-to/collecting.md.

    DIR gets photos/, manifest.csv (for `packshot data` and `packshot train`) and products.jsonl. Exits 3 when a page
    or photo failed or was refused (each is named), or no product was found; 130 when stopped.

    \b
    packshot collect https://shop.example/ -o shop --contact you@shop.example
    packshot collect https://shop.example/sitemap.xml -o shop --max-photos 500
    packshot collect https://shop.example/p/red-shoe https://shop.example/p/blue-shoe -o two --depth 0
    packshot collect https://cars.example/fleet -o cars --selectors cars.toml
    packshot collect http://staging.internal/ -o shop --allow-private --rate 5
    """
    from packshot.cli.progress import Bar
    from packshot.collecting import collect, require_scrapy
    from packshot.collecting.outputs import read_products

    require_scrapy()
    seconds = None if max_minutes is None else max_minutes * 60
    job = _job(starts=starts, out=Path(out), max_seconds=seconds, timeout_s=given.pop("timeout"), **given)
    with Bar(None, unit="photo") as bar:

        def tell(what: Happening) -> None:
            if what.kind == "photo":
                bar.update()
            elif what.kind != "page":
                bar.write_line(f"{what.kind}: {what.url}: {what.message}")

        result = collect(job, tell=tell)
    if as_json:
        for row in read_products(job.out):
            click.echo(json.dumps(row))
        for url, reason in result.starts.items():
            click.echo(json.dumps({"page": url, "error": reason}))
    else:
        _tell(result, job.out)
    _explain(result, job)
    return result.exit_code


def _job(**given: Any) -> Job:
    from pydantic import ValidationError

    from packshot.collecting import Job
    from packshot.collecting.selector_file import read_selectors

    values = {key: value for key, value in given.items() if value is not None}
    if "selectors" in values:
        values["selectors"] = read_selectors(Path(values["selectors"]))
    try:
        return Job(limits=settings_from().limits, **values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name}: {first['msg']}", remedy="see `packshot collect --help`") from error


def _tell(result: Collected, out: Path) -> None:
    click.echo(
        f"{result.products} products, {result.photos} photos ({result.new_photos} new) from {result.pages} pages;"
        f" {result.refused} photos refused, {result.failed} requests failed, {result.forbidden} forbidden by robots.txt"
    )
    click.echo("requests: " + (", ".join(f"{host} {count}" for host, count in result.hosts.items()) or "none"))
    click.echo(f"manifest: {out / 'manifest.csv'}")


def _explain(result: Collected, job: Job) -> None:
    """What a person should know or do, on stderr."""
    for url, reason in result.starts.items():
        click.echo(f"packshot: nothing was read from {url}: {reason}", err=True)
    forbidden = [url for url, reason in result.starts.items() if reason.startswith("robots.txt")]
    if not result.products and len(forbidden) == len(job.starts):
        click.echo("packshot: robots.txt forbids all of it: ask the shop for its permission or for an export", err=True)
    elif not result.products and result.ended != "stopped":
        click.echo(
            f"packshot: no products found on {result.pages} pages: name a product page or the shop's sitemap, or raise"
            " --depth; products are told by schema.org data in JSON-LD or microdata, or by --selectors",
            err=True,
        )
    if result.ended in {"pages", "photos", "seconds"}:
        option = {"pages": "--max-pages", "photos": "--max-photos", "seconds": "--max-minutes"}[result.ended]
        click.echo(f"packshot: ended by {option}; repeat the command with more to go on", err=True)
    elif result.ended == "stopped":
        click.echo("packshot: stopped; repeat the command to go on", err=True)
