"""``packshot deliver``: a run's pictures to a folder, a ZIP, or the file that a shop imports."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import JSON
from packshot.cli.printing import print_row

__all__ = ["command"]


@packshot_command("deliver")
def command(
    out: Path = argument("OUT"),
    to: str = option(
        "--to",
        once=True,
        metavar="TARGET",
        help="folder:PATH, zip:FILE.zip, google:FILE.xml or .tsv, shopify:FILE.csv, woocommerce:FILE.csv.",
    ),
    channel: tuple[str, ...] = option(
        "--channel",
        metavar="PROFILE",
        help="Only pictures of this profile; may be repeated. [default: all; of a feed, the one called like it]",
    ),
    dry_run: bool = option("--dry-run", help="Show what is new, changed, the same or gone; write nothing."),
    include_undecided: bool = option(
        "--include-undecided", help="Deliver as well what a person should look at and nobody has decided."
    ),
    base_url: str | None = option(
        "--base-url", metavar="URL", help="Where the folder of `--to folder:PATH` is on the web; feeds need it."
    ),
    link: str | None = option(
        "--link", metavar="URL", help="Address of a product's page, with {sku}, for Google's feed."
    ),
    language: str | None = option("--language", metavar="CODE", help="Of title and alt text. [default: the run's]"),
    as_json: bool = JSON,
) -> int:
    """Deliver what a run made and persons decided; the next delivery brings only what changed.

    OUT is the folder `packshot run` wrote to, with --sku. What is rejected or undecided stays behind, and is named.
    Every file is read back after it was written. Exit code 3: some pictures could not be delivered; each is named.

    \b
    packshot deliver out/ --to folder:shop/ --dry-run
    packshot deliver out/ --to folder:shop/
    packshot deliver out/ --to zip:amazon.zip --channel amazon
    packshot deliver out/ --to google:feed.xml --base-url https://cdn.example/shop
    packshot deliver out/ --to shopify:products.csv --base-url https://cdn.example/shop
    """
    from collections import Counter

    from packshot.delivery import Addresses, Change, Target, Wishes, deliver

    wishes = Wishes(
        channels=channel,
        include_undecided=include_undecided,
        language=language,
        addresses=Addresses(base_url, link),
        dry_run=dry_run,
    )
    counts: Counter[Change] = Counter()
    bad = undecided = 0
    for one in deliver(out, Target.typed(to), wishes):
        counts[one.status] += 1
        undecided += one.is_undecided
        if one.error is not None:
            bad += 1
            click.echo(one.error.about(one.source), err=True)
        print_row(one.row(), one.words(), as_json=as_json)
    told = ", ".join(f"{counts[change]} {change}" for change in Change if counts[change]) or "nothing"
    click.echo(f"{'would be delivered' if dry_run else 'delivered'}: {told}", err=True)
    if undecided:
        click.echo(f"{undecided} undecided: packshot review list {out}, or --include-undecided", err=True)
    return 3 if bad else 0
