"""``packshot review undo | apply | export``: what follows from decisions that were made."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Literal

import click

from packshot.cli.command import option, packshot_command
from packshot.cli.options import JSON, ROOT
from packshot.cli.printing import print_row
from packshot.cli.review.asking import confirmed
from packshot.cli.review.options import BY, OUT, PHOTOS, Which, reviewed
from packshot.counting import counted
from packshot.errors import UsageError

__all__ = ["apply", "export", "undo"]


@packshot_command("undo")
def undo(
    *,
    out: str = OUT,
    photos: tuple[str, ...] = PHOTOS,
    which: Which,
    of: str | None = option("--of", metavar="NAME", help="Decisions of this person."),
    kind: Literal["approve", "category", "mask", "subject", "frame", "attribute", "reject"] | None = option(
        "--kind", help="Decisions of this kind."
    ),
    yes: bool = option("--yes", help="Take all of them back without being asked."),
    by: str | None = BY,
    as_json: bool = JSON,
) -> None:
    """Take back what was decided last, all of it if it was on many photos; or the last decision on each photo named.

    Photos are told as to `approve`. An earlier decision on the same photo counts again; nothing is removed from the
    log.

    \b
    packshot review undo out/
    packshot review undo out/ hat.jpg
    packshot review undo out/ 'hats/*' --of ben --kind category
    """
    from packshot.decisions import Kind
    from packshot.decisions.person import person
    from packshot.review import decision_words
    from packshot.review.selection import chosen
    from packshot.review.undoing import Undoing, undo_last, undo_on, would_undo

    review, name = reviewed(out), person(by)
    selection = which.selection(photos, decided=True)
    sources = None if selection.is_everything else chosen(review, selection)
    undoing = Undoing(sources, of, None if kind is None else Kind(kind))
    if not undoing.is_last_alone and not selection.names_photos_alone:
        found = would_undo(review, review.decisions, undoing)
        if found and not confirmed(f"take {counted(len(found), 'decision')} back", yes=yes):
            return
    for one in undo_last(review, by=name) if undoing.is_last_alone else undo_on(review, undoing, by=name):
        row = {"source": one.source, "undone": one.model_dump(mode="json")}
        print_row(row, f"{one.source}: taken back: {decision_words(one)}", as_json=as_json)


@packshot_command("apply")
def apply(
    out: str = OUT,
    root: str | None = option(
        "--root", metavar="FOLDER", help="Where `packshot run` was typed. [default: the folder it was typed in]"
    ),
    jobs: int | None = option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]"),
    as_json: bool = JSON,
) -> int:
    """Make the pictures of all profiles anew where a person corrected mask, subject or frame; the rest stays as it is.

    Manifest and report tell what is decided, and by whom. It does what the last `packshot run` into OUT would do with
    these photos, and needs no other options; `packshot run` does the same by itself. What needs no photo, such as a
    category, is done where the photos are gone, too; those whose pictures wait for their photo are named, and the exit
    code is then 3.

    \b
    packshot review apply out/
    """
    from packshot.batch import RunFile
    from packshot.cli.run import command
    from packshot.sharded.layout import PLAN

    run = RunFile.read(Path(out))
    if (Path(out) / PLAN).is_file():
        raise UsageError(
            f"{out} was made in shards, of which it is not known how",
            remedy="repeat the `packshot run` that wrote it: it makes anew what was corrected, and nothing else",
        )
    if run is None or run.typed is None:
        raise UsageError(
            f"{out} does not say how it was made",
            remedy="repeat the `packshot run` that wrote it: that does the same",
        )
    known = {parameter.name for parameter in command.params}
    options = {name: _tuples(value) for name, value in run.typed.options.items() if name in known}
    options |= {"out": str(Path(out).absolute()), "decided_only": True, "as_json": as_json, "jobs": jobs}
    folder = Path(root or run.typed.folder)
    if not folder.is_dir() and root is not None:
        raise UsageError(f"{folder}: no such folder", remedy="say with --root where `packshot run` was typed")
    if not folder.is_dir():
        # Its photos are gone with it. What needs none is done; names that were typed mean nothing here.
        click.echo(f"{folder}, where `packshot run` was typed, is gone: photos are not opened", err=True)
        options |= {"sources": ()}
        folder = Path(out).absolute()
    with contextlib.chdir(folder):
        code: int = click.get_current_context().invoke(command, **options)
    return code


def _tuples(value: object) -> object:
    """A value as click gives it; JSON has no tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@packshot_command("export")
def export(
    out: str = OUT,
    target: str = option("-o", "--out", metavar="FOLDER", help="New, empty, or an earlier export."),
    root: str = ROOT,
    as_json: bool = JSON,
) -> int:
    """Write what was approved and corrected as tables that `packshot train` takes; rejected photos are left out.

    FOLDER gets masks.csv with masks/, categories.csv (label: the category's id), frames.csv and attribute-NAME.csv
    (label: its value), each if anything of its kind was decided. Photos are not copied. A photo that is gone or was
    changed since is named, and left out.

    \b
    packshot review export out/ -o corrections/
    packshot train recipes/cutout --data corrections/masks.csv -o runs/cutout
    packshot train recipes/describe --data corrections/categories.csv -o runs/describe
    packshot train recipes/frame --data corrections/frames.csv -o runs/frame
    """
    from packshot.review import export_corrections

    review = reviewed(out, root=root)
    done = export_corrections(review, Path(target), left_out=lambda error: click.echo(str(error), err=True))
    print_row({"output": target, **done.row()}, done.words(), as_json=as_json)
    click.echo(f"left out: {done.rejected} rejected, {done.missing} gone or changed", err=True)
    return 3 if done.missing else 0
