"""``packshot review apply``: the pictures of what was corrected, made anew."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.review.options import out_argument
from packshot.errors import UsageError

__all__ = ["apply"]


@click.command(name="apply")
@out_argument
@click.option("--root", metavar="FOLDER", help="Where `packshot run` was typed. [default: the folder it was typed in]")
@click.option("--jobs", type=click.IntRange(1, 256), help="Worker processes. [default: one per core]")
@json_option
@click.pass_context
def apply(ctx: click.Context, out: str, root: str | None, jobs: int | None, as_json: bool) -> int:
    """Make the pictures of all profiles anew where a person corrected mask, subject or frame; the rest stays as it is.

    Manifest and report tell what is decided, and by whom. It does what the last `packshot run` into OUT would do with
    these photos, and needs no other options; `packshot run` does the same by itself.

    \b
    packshot review apply out/
    """
    from packshot.batch import RunFile
    from packshot.cli.run import command

    run = RunFile.read(Path(out))
    if run is None or run.typed is None:
        raise UsageError(
            f"{out} does not say how it was made",
            remedy="repeat the `packshot run` that wrote it: that does the same",
        )
    known = {parameter.name for parameter in command.params}
    options = {name: _tuples(value) for name, value in run.typed.options.items() if name in known}
    options |= {"out": str(Path(out).absolute()), "decided_only": True, "as_json": as_json, "jobs": jobs}
    folder = Path(root or run.typed.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder", remedy="say with --root where `packshot run` was typed")
    with contextlib.chdir(folder):
        code: int = ctx.invoke(command, **options)
    return code


def _tuples(value: object) -> object:
    """A value as click gives it; JSON has no tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
