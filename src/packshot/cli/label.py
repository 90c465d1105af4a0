"""``packshot label``: a person decides on photos in a local page, and a manifest to train on comes out."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.command import argument, option, packshot_command
from packshot.cli.options import JSON, settings_from
from packshot.cli.printing import print_row
from packshot.cli.review.options import BY

if TYPE_CHECKING:
    from packshot.review.labelling import Opened

__all__ = ["command"]


@packshot_command("frame")
def frame(
    sources: tuple[str, ...] = argument("PHOTOS..."),
    out: Path = option("-o", "--out", metavar="FILE", help="The manifest to write, outside of the photos' folder."),
    model: str = option(
        "--model",
        default="classical",
        metavar="classical|frame|FILE",
        help="What proposes: the rules, the network that ships, or an ONNX file.",
    ),
    limit: int | None = option(
        "--limit", type=click.IntRange(min=1), help="Show only so many undecided photos, the least certain."
    ),
    port: int = option(
        "--port", type=click.IntRange(0, 65535), default=0, help="Of the page on 127.0.0.1. [default: a free one]"
    ),
    no_open: bool = option("--no-open", help="Do not open a browser; the address is on stderr."),
    by: str | None = BY,
    as_json: bool = JSON,
) -> int:
    """Say which photos have a frame, and where the picture inside begins.

    The model proposes, the least certain photos come first, and a page on this computer alone takes your keys: Enter
    accepts, F is framed, N is not, Z takes back, ? shows all. Every decision is on the disk at once: repeat the
    command to go on where you were, also with more photos. Ctrl-C or the page's button ends it.

    \b
    packshot label frame photos/ -o labels.csv
    packshot label frame photos/ more/ -o labels.csv --model frame --limit 200
    packshot train recipes/frame --data labels.csv -o runs/frame
    """
    from packshot.review.labelling.lock import table_lock

    table_lock(out).refuse()  # before photos are listed and a network is loaded
    from packshot.batch import find_sources
    from packshot.cli.progress import Bar
    from packshot.decisions.person import person
    from packshot.frame.network import named_detector
    from packshot.frame.refine import refine_drawn_box
    from packshot.review.labelling import label_frames
    from packshot.signals import stop_on_signals

    settings, found = settings_from(), find_sources(sources)
    detect, name = named_detector(model, settings)
    with stop_on_signals() as stop, Bar(len(found), unit="photo") as bar:

        def opened(page: Opened) -> None:
            bar.close()
            click.echo(page.words(), err=True)
            if not no_open:
                _browse(page.address)

        labelled = label_frames(
            found,
            out,
            detect=detect,
            model=name,
            by=person(by),
            refine=refine_drawn_box,
            limit=limit,
            port=port,
            limits=settings.limits,
            stop=stop,
            progress=bar.update,
            opened=opened,
        )
    if not labelled.complete:
        click.echo("stopped before the page could open; repeat the command to go on", err=True)
        return 130
    click.echo(labelled.words(), err=True)
    for one in labelled.decided if as_json else ():
        print_row(one.row(out), "", as_json=True)
    if labelled.decided and not as_json:
        click.echo(str(out))
    return 3 if labelled.skipped else 0


def _browse(address: str) -> None:
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        import webbrowser  # some browsers keep the call until they are closed

        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


@click.group(name="label", commands=[frame])
def command() -> None:
    """Decide on photos in a local page; what is decided is a manifest that `packshot train` takes.

    \b
    packshot label frame photos/ -o labels.csv
    """
