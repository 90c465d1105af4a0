"""A delivery on the terminal: each picture as it goes out, and the sum at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from packshot.cli.printing import print_notes, print_row

if TYPE_CHECKING:
    from packshot.delivery import Delivered, Wishes
    from packshot.errors import PackshotError

__all__ = ["delivering", "rolled_back", "told"]


def delivering(out: Path, to: str, wishes: Wishes) -> contextlib.AbstractContextManager[Iterable[Delivered]]:
    """What becomes of each picture on its way to files, or straight to a shop, a bucket or a server."""
    return _to_shop(out, to, wishes) if "://" in to else _to_files(out, to, wishes)


@contextlib.contextmanager
def _to_files(out: Path, to: str, wishes: Wishes) -> Iterator[Iterable[Delivered]]:
    from packshot.delivery import Target, deliver

    yield deliver(out, Target.typed(to), wishes)


@contextlib.contextmanager
def _to_shop(out: Path, to: str, wishes: Wishes) -> Iterator[Iterable[Delivered]]:
    from packshot.cli.progress import Bar
    from packshot.delivery.direct import RemoteDelivery, ShopDelivery, ShopTarget, is_remote

    made = RemoteDelivery(out, to, wishes) if is_remote(to) else ShopDelivery(out, ShopTarget.typed(to), wishes)
    with made as delivery:

        def each() -> Iterator[Delivered]:
            with Bar(delivery.total, unit="picture") as bar:
                for one in delivery:
                    yield one
                    bar.update()

        yield each()
        if delivery.roll_back is not None:
            click.echo(f"undone by: packshot deliver --roll-back {delivery.roll_back}", err=True)


def told(delivered: Iterable[Delivered], out: Path, *, dry_run: bool, as_json: bool) -> int:
    """Print what becomes of each picture, and at the end how many; gives the exit code."""
    from packshot.delivery.summary import DeliverySummary
    from packshot.web.run_report.words import reason_words

    summary = DeliverySummary()
    try:
        for one in delivered:
            summary.add(one)
            if one.error is not None:
                _say(one.error, one.source)
            shown = replace(one, reasons=tuple(map(reason_words, one.reasons)))
            print_row(one.row(), shown.words(), as_json=as_json)
    except BaseException:
        if summary.counts:  # what was delivered before it ended early; of a delivery that never began, the error alone
            click.echo(summary.words(dry_run=dry_run), err=True)
        raise
    click.echo(summary.words(dry_run=dry_run), err=True)
    print_notes(summary.advice(out))
    return summary.exit_code


def rolled_back(path: Path, *, dry_run: bool, as_json: bool) -> int:
    """Undo a delivery and print what becomes of each product; gives the exit code."""
    from packshot.delivery.direct import roll_back

    bad = 0
    for one in roll_back(path, dry_run=dry_run):
        bad += one.error is not None or bool(one.deleted)
        if one.error is not None:
            _say(one.error, ", ".join(one.skus))
        print_row(one.row(), one.words(), as_json=as_json)
    return 3 if bad else 0


def _say(error: PackshotError, name: str) -> None:
    """An error on stderr, on one line; SKUs, names and what a shop answers may hold what drives a terminal."""
    from packshot.storage.encodable import printable

    click.echo(printable(error.about(name)), err=True)
