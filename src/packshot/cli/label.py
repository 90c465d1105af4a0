"""``packshot label``: a person decides on photos in a local page, and a manifest to train on comes out."""

from __future__ import annotations

import functools
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import json_option, settings_from
from packshot.cli.review.options import person

if TYPE_CHECKING:
    from packshot.review import FrameShown
    from packshot.review.labelling import Detector, Opened, Skipped
    from packshot.review.labelling.session import ShownPhoto
    from packshot.settings import Settings

__all__ = ["command"]

_REACH = 0.03  # of the shorter side: how far a box set by hand is off at most


@click.group(name="label")
def command() -> None:
    """Decide on photos in a local page; what is decided is a manifest that `packshot train` takes.

    \b
    packshot label frame photos/ -o labels.csv
    """


@command.command(name="frame")
@click.argument("sources", nargs=-1, required=True, metavar="PHOTOS...")
@click.option(
    "-o", "--out", required=True, metavar="FILE", help="The manifest to write, outside of the photos' folder."
)
@click.option(
    "--model",
    default="classical",
    show_default=True,
    metavar="classical|frame|FILE",
    help="What proposes: the rules, the network that ships, or an ONNX file.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Show only so many undecided photos, the least certain.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of the page on 127.0.0.1. [default: a free one]"
)
@click.option("--no-open", is_flag=True, help="Do not open a browser; the address is on stderr.")
@click.option("--by", metavar="NAME", help="Who decides. [default: your login name]")
@json_option
def frame(
    sources: tuple[str, ...], out: str, model: str, no_open: bool, by: str | None, as_json: bool, **options: Any
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
    from packshot.batch import find_sources
    from packshot.cli.progress import Bar
    from packshot.frame.refine import refine_box
    from packshot.review.labelling import label_frames
    from packshot.signals import stop_on_signals

    settings, found, table = settings_from(), find_sources(sources), Path(out)
    detect, name = _detector(model, settings)
    with stop_on_signals() as stop, Bar(len(found), unit="photo") as bar:

        def opened(page: Opened) -> None:
            bar.close()
            _announce(page, browse=not no_open)

        labelled = label_frames(
            found,
            table,
            detect=detect,
            model=name,
            by=person(by),
            refine=functools.partial(refine_box, reach=_REACH),
            limits=settings.limits,
            stop=stop,
            progress=bar.update,
            opened=opened,
            **options,
        )
    if not labelled.complete:
        click.echo("stopped before the page could open; repeat the command to go on", err=True)
        return 130
    if not labelled.seen:
        _name(labelled.skipped)  # no page was opened that would have told them
    decided = [(one, one.frame) for one in labelled.seen if one.frame]
    framed = sum(frame.framed for _, frame in decided)
    click.echo(
        f"{labelled.decided_now} decided now; {len(decided)} of {len(labelled.seen)} photos are decided, "
        f"{framed} framed and {len(decided) - framed} unframed",
        err=True,
    )
    if as_json:
        for one, frame in decided:
            click.echo(json.dumps(_row(one, frame, table)))
    elif decided:
        click.echo(str(table))
    return 3 if labelled.skipped else 0


def _announce(page: Opened, *, browse: bool) -> None:
    _name(page.skipped)
    click.echo(f"{page.waiting} of {page.photos} photos wait for a decision at\n  {page.address}", err=True)
    click.echo("Ctrl-C ends; everything decided is kept", err=True)
    if browse and (sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        import webbrowser  # some browsers keep the call until they are closed

        threading.Thread(target=webbrowser.open, args=(page.address,), daemon=True).start()


def _name(skipped: tuple[Skipped, ...]) -> None:
    for one in skipped:
        click.echo(f"skipped: {one.error}", err=True)


def _row(one: ShownPhoto, frame: FrameShown, table: Path) -> dict[str, object]:
    return {
        "source": str(table.parent / one.proposal.photo),
        "framed": frame.framed,
        "inner_box": frame.box,
        "proposed": one.proposal.framed,
        "score": one.proposal.score,
        "model": one.proposal.model,
    }


def _detector(model: str, settings: Settings) -> tuple[Detector, str]:
    """What proposes, and a name that changes with what it answers."""
    from packshot.frame.network import FrameDetector, frame_detector
    from packshot.version import __version__

    detect = frame_detector(model, settings)
    return detect, detect.network.id if isinstance(detect, FrameDetector) else f"{model} {__version__}"
