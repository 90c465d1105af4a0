"""``packshot watch``: the whole flow over what arrives in a folder."""

from __future__ import annotations

import functools
from pathlib import Path

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.flow import Flow
from packshot.errors import UsageError

__all__ = ["command"]


@packshot_command("watch")
def command(
    *,
    sources: tuple[str, ...] = argument("FOLDER..."),
    out: str = option("-o", "--out", metavar="OUT", help="Folder for the results, as of `packshot run`."),
    every: float = option(
        "--every", default=2.0, type=click.FloatRange(0.1), metavar="SECONDS", help="How often to look."
    ),
    settle: float = option(
        "--settle",
        default=2.0,
        type=click.FloatRange(0),
        metavar="SECONDS",
        help="A photo is taken once it has not changed for so long and its end is there.",
    ),
    patience: float = option(
        "--patience",
        default=60.0,
        type=click.FloatRange(0),
        metavar="SECONDS",
        help="A photo whose end does not come is taken, as damaged, once it has not changed for so long.",
    ),
    flow: Flow,
) -> int:
    """Wait for photos in folders, and do with each what `packshot run` does, once it is whole.

    A copy that is still going on is waited for. OUT is a run's folder like any other: the manifest and the report are
    written whenever photos are finished, and what is in it is not done twice. Ctrl-C and SIGTERM end it after the
    photos in hand; the same command goes on. It ends with 0, or 3 when photos failed. `packshot serve --run OUT` shows
    how far it is, the last photos and what was left out.

    \b
    packshot watch in/ -o out/
    packshot watch //nas/studio -o out/ --profile amazon --settle 10
    """
    from packshot.batch.incoming import IncomingPhotos
    from packshot.batch.watched import WatchFile
    from packshot.batch.watching import watch
    from packshot.cli.folders import run_folders

    if flow.names.prune:
        raise UsageError("--prune: not while a folder is watched", remedy="it may be away; use `packshot run --prune`")
    flow.check()
    incoming = IncomingPhotos(sources, out, settle_s=settle, patience_s=patience, limits=flow.settings.limits)
    tell = functools.partial(click.echo, err=True)
    tell(f"watching {', '.join(sources)}; Ctrl-C ends it")
    state = WatchFile(Path(out), sources)
    return watch(
        incoming,
        lambda seen: run_folders(flow, sources, out, incoming=seen),
        every_s=every,
        tell=tell,
        state=state,
    )
