"""``packshot review export``: what persons approved and corrected, as tables to train on."""

from __future__ import annotations

import json
from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import open_review, out_argument, root_option

__all__ = ["export"]


@click.command(name="export")
@out_argument
@click.option("-o", "--out", "target", required=True, metavar="FOLDER", help="New, empty, or an earlier export.")
@root_option
@json_option
def export(out: str, target: str, root: str, as_json: bool) -> int:
    """Write what was approved and corrected as tables that `packshot train` takes; rejected photos are left out.

    FOLDER gets masks.csv with masks/, categories.csv (label: the category's id) and frames.csv, each if anything of its
    kind was decided. Photos are not copied. A photo that is gone or was changed since is named, and left out.

    \b
    packshot review export out/ -o corrections/
    packshot train recipes/cutout --data corrections/masks.csv -o runs/cutout
    packshot train recipes/describe --data corrections/categories.csv -o runs/describe
    packshot train recipes/frame --data corrections/frames.csv -o runs/frame
    """
    from packshot.review import export_corrections

    done = export_corrections(
        open_review(out, root=root), Path(target), left_out=lambda error: click.echo(str(error), err=True)
    )
    if as_json:
        tables = {name: None if table is None else str(table) for name, table in done.tables.items()}
        left_out = {"rejected": done.rejected, "missing": done.missing}
        click.echo(json.dumps({"output": target, **done.counts, **left_out, "tables": tables}))
    else:
        for name, table in done.tables.items():
            if table is not None:
                click.echo(f"{table}: {done.counts[name]} photos")
    click.echo(f"left out: {done.rejected} rejected, {done.missing} gone or changed", err=True)
    return 3 if done.missing else 0
