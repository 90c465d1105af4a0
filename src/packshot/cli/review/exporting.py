"""``packshot review export``: what persons stand for, as tables to train on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.options import json_option
from packshot.cli.review.opening import open_review, out_argument, root_option
from packshot.errors import PhotoError, UsageError

if TYPE_CHECKING:
    from packshot.datasets import Item
    from packshot.limits import Limits
    from packshot.review import Corrections

__all__ = ["export"]

_SUMMARY = "export.json"


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
    from packshot.batch import write_atomic
    from packshot.datasets.manifest import manifest_text
    from packshot.review import corrections

    review, folder = open_review(out, root=root), Path(target)
    _require_own(folder)
    found = corrections(review)
    for gone in found.missing:
        click.echo(str(gone), err=True)
    masks, broken = _masks(found, folder, review.limits)
    tables = {"masks": masks, "categories": _categories(found), "frames": _frames(found)}
    if not any(tables.values()):
        raise UsageError(
            f"{out}: nothing to export, no photo that is there was approved or corrected",
            remedy="decide first, see `packshot review list`",
        )
    counts = {name: len(items) for name, items in tables.items()}
    left_out = {"rejected": found.rejected, "missing": len(found.missing) + broken}
    # First of all: a folder that holds it is an export, also if this one is killed.
    write_atomic(folder / _SUMMARY, json.dumps({**counts, **left_out}).encode() + b"\n")
    for name, items in tables.items():
        table = folder / f"{name}.csv"
        if items:
            write_atomic(table, manifest_text(table, items, splits=False).encode())
        else:
            _remove(table)  # of an earlier export
    if as_json:
        files = {name: str(folder / f"{name}.csv") if items else None for name, items in tables.items()}
        click.echo(json.dumps({"output": target, **counts, **left_out, "tables": files}))
    else:
        for name, count in counts.items():
            if count:
                click.echo(f"{folder / f'{name}.csv'}: {count} photos")
    click.echo(f"left out: {left_out['rejected']} rejected, {left_out['missing']} gone or changed", err=True)
    return 3 if left_out["missing"] else 0


def _masks(found: Corrections, folder: Path, limits: Limits) -> tuple[list[Item], int]:
    """Items with their masks written beside, and how many masks could not be read."""
    from packshot.batch import write_atomic
    from packshot.datasets import Item, MaskKind, Split
    from packshot.review import png_of

    items, broken = [], 0
    for truth in found.truths:
        if truth.mask is None:
            continue
        path = folder / "masks" / f"{truth.sha256[:16]}.png"
        try:
            write_atomic(path, png_of(truth.alpha(limits)))
        except PhotoError as error:
            broken += 1
            click.echo(str(error), err=True)
            continue
        items.append(Item("", Split.TRAIN, truth.photo, path, MaskKind.ALPHA, group=truth.sha256[:16]))
    return items, broken


def _categories(found: Corrections) -> list[Item]:
    from packshot.datasets import Item, Split

    return [
        Item("", Split.TRAIN, truth.photo, label=truth.category[-1].id, group=truth.sha256[:16])
        for truth in found.truths
        if truth.category
    ]


def _frames(found: Corrections) -> list[Item]:
    from packshot.datasets import Item, Split
    from packshot.values import Box

    return [
        Item(
            "",
            Split.TRAIN,
            truth.photo,
            label="framed" if truth.frame.framed else "unframed",
            group=truth.sha256[:16],
            box=Box(*truth.frame.box) if truth.frame.box else None,
        )
        for truth in found.truths
        if truth.frame
    ]


def _require_own(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder", remedy="name another one with -o")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _SUMMARY).is_file():
        raise UsageError(
            f"{folder} holds other things, and nothing in it is overwritten",
            remedy="name a new folder, or that of an earlier export",
        )


def _remove(table: Path) -> None:
    from packshot.durable.atomic import output_error

    try:
        table.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(table, error) from error
