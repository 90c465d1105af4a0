"""``packshot collect``: product photos and labels from a shop's pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import JSON, settings_from
from packshot.cli.printing import print_notes, print_row

if TYPE_CHECKING:
    from packshot.collecting import Happening

__all__ = ["command"]


@dataclass(frozen=True)
class Gently:
    """How far and how gently is collected; each a field of `packshot.collecting.Job`, with its default."""

    depth: int | None = option(
        "--depth", type=click.IntRange(0, 20), help="Links to follow from a start page. [default: 2]"
    )
    allow_hosts: tuple[str, ...] = option("--allow-host", metavar="HOST", help="A further host to read from.")
    allow_private: bool = option("--allow-private", help="The hosts named here may have private addresses.")
    contact: str | None = option("--contact", metavar="TEXT", help="Your mail or web address, told to every host.")
    rate: float | None = option(
        "--rate", type=click.FloatRange(0, 100, min_open=True), help="Requests a second and host. [default: 1]"
    )
    max_pages: int | None = option("--max-pages", type=click.IntRange(1), help="Pages read into DIR. [default: 1000]")
    max_photos: int | None = option("--max-photos", type=click.IntRange(1), help="Photos kept in DIR. [default: 10000]")
    max_minutes: float | None = option(
        "--max-minutes", type=click.FloatRange(0, min_open=True), help="Longest run. [default: 60]"
    )
    timeout: float | None = option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        help="Seconds for one page or photo. [default: 30]",
    )
    selectors: str | None = option(
        "--selectors", metavar="FILE.toml", help="Where pages show what, and a rule for labels."
    )
    refresh: bool = option("--refresh", help="Read pages again that an earlier run has read; photos are kept.")


@packshot_command("collect")
def command(
    *,
    starts: tuple[str, ...] = argument("URL..."),
    out: Path = option("-o", "--out", metavar="DIR", help="Folder for the photos; repeat the command to resume."),
    gently: Gently,
    as_json: bool = JSON,
) -> int:
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
    from packshot.storage.lock import folder_lock

    folder_lock(out).refuse()
    from packshot.cli.progress import Bar
    from packshot.collecting import collect, require_scrapy
    from packshot.collecting.job import typed_job
    from packshot.collecting.outputs import read_products

    require_scrapy()
    job = typed_job(starts=starts, out=out, limits=settings_from().limits, **asdict(gently))
    with Bar(None, unit="photo") as bar:

        def tell(what: Happening) -> None:
            if what.kind == "photo":
                bar.update()
            elif what.kind != "page":
                bar.write_line(f"{what.kind}: {what.url}: {what.message}")

        result = collect(job, tell=tell)
    if as_json:
        failed = ({"page": url, "error": reason} for url, reason in result.starts.items())
        for row in (*read_products(job.out), *failed):
            print_row(row, "", as_json=True)
    else:
        click.echo(result.words(job.out))
    print_notes(f"packshot: {line}" for line in result.advice(job))
    return result.exit_code
