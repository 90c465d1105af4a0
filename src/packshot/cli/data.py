"""``packshot data``: look at labelled pictures before training on them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from packshot.cli.options import json_option

__all__ = ["command"]


@click.command(name="data")
@click.argument("source", metavar="DIR|FILE")
@click.option(
    "--task",
    type=click.Choice(["segmentation", "classification"]),
    default="segmentation",
    show_default=True,
    help="What the pictures are for: masks, or classes.",
)
@click.option(
    "-o", "--out", metavar="FILE", help="Write the pictures and their splits as CSV, to freeze or correct them."
)
@json_option
def command(source: str, task: str, out: str | None, as_json: bool) -> int:
    """Check labelled pictures: how many of what, broken files, wrong masks, leaks between splits.

    Takes images/ and masks/, class folders, a CSV manifest, COCO JSON, or the public sets; exits 3 when something
    must be mended first.

    \b
    packshot data shop/
    packshot data shop/ --task classification --json
    packshot data annotations/instances_train.json
    packshot data shop/ -o shop/split.csv
    """
    from packshot.cli.progress import Bar
    from packshot.datasets import check_items, open_items, write_manifest
    from packshot.datasets.layouts import Task

    chosen: Task = "classification" if task == "classification" else "segmentation"
    items = open_items(Path(source), task=chosen)
    with Bar(len(items), unit="picture") as bar:
        report = check_items(items, chosen, progress=bar.update)
    if out:
        write_manifest(Path(out), items)
    if as_json:
        findings = [asdict(finding) for finding in report.findings]
        row = {"source": source, "task": task, "ok": not report.errors, "counts": report.counts, "findings": findings}
        click.echo(json.dumps(row))
    else:
        click.echo(str(report))
    return 3 if report.errors else 0
