"""``packshot catalogue stats``, ``verify`` and ``snapshots``."""

from __future__ import annotations

from dataclasses import asdict

import click

from packshot.cli.catalogue.options import catalogue_option, store_at
from packshot.cli.options import json_option
from packshot.cli.printing import print_row
from packshot.errors import CatalogueDamaged

__all__ = ["snapshots", "stats", "verify"]


@click.command(name="stats")
@catalogue_option
@click.option("--recall", "sample", type=click.IntRange(1), metavar="N", help="Measure the index's recall on N items.")
@json_option
def stats(catalogue: str, sample: int | None, as_json: bool) -> int:
    """How many items there are, of which network, how they are stored, and how good the index is.

    \b
    packshot catalogue stats -c shop.catalogue
    packshot catalogue stats -c shop.catalogue --recall 100 --json
    """
    with store_at(catalogue) as store:
        found = store.stats(recall_sample=sample or 0)
    size = "" if found.stored_bytes is None else f", {found.stored_bytes / 1e6:.1f} MB"
    lines = [f"{found.items} items{size}, {found.fragments} pieces, {found.snapshots} snapshots"]
    if found.model is not None:
        lines.append(f"embeddings: {found.model}, {found.dimension} numbers")
    recall = "" if found.recall_at_10 is None else f", recall at 10: {found.recall_at_10:.3f}"
    index = f"{found.index} over {found.indexed} items{recall}" if found.index else "none, every search is exact"
    print_row(asdict(found), "\n".join([*lines, f"index: {index}"]), as_json=as_json)
    return 0


@click.command(name="verify")
@catalogue_option
@json_option
def verify(catalogue: str, as_json: bool) -> int:
    """Read everything and say what is wrong; nothing is changed. Exit code 3 if anything is.

    \b
    packshot catalogue verify -c shop.catalogue
    """
    from packshot.catalogue.store import Problem

    try:
        with store_at(catalogue) as store:
            problems = store.verify()
    except CatalogueDamaged as error:
        problems = [Problem(error.message, error.remedy)]
    text = "\n".join(f"{problem.message}: {problem.remedy}" for problem in problems) or "all is well"
    row = {"ok": not problems, "problems": [asdict(problem) for problem in problems]}
    print_row(row, text, as_json=as_json)
    return 3 if problems else 0


@click.command(name="snapshots")
@catalogue_option
@json_option
def snapshots(catalogue: str, as_json: bool) -> int:
    """States that `packshot catalogue restore` can go back to, oldest first; the last one is the present.

    \b
    packshot catalogue snapshots -c shop.catalogue
    """
    from packshot.cli.table import aligned

    with store_at(catalogue) as store:
        found = store.snapshots()
    if as_json:
        for each in found:
            row = {"version": each.version, "written": each.written.isoformat(), "items": each.items}
            print_row(row, "", as_json=True)
        return 0
    rows = [(str(each.version), f"{each.written:%Y-%m-%d %H:%M:%S} UTC", str(each.items)) for each in found]
    click.echo(aligned(("version", "written", "items"), rows, left=2))
    return 0
