"""A delivery on the terminal: each picture as it goes out, and the sum at the end."""

from __future__ import annotations

import contextlib
from collections import Counter
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

_NAMED = 3  # pictures with the same error that are named on stderr; on stdout each has its line


def delivering(out: Path, to: str, wishes: Wishes) -> contextlib.AbstractContextManager[Iterable[Delivered]]:
    """What becomes of each picture on its way to files, or straight to a shop, a bucket or a server.

    Raises:
        OutputError: another delivery of this run goes on.
    """
    from packshot.delivery.lock import delivery_lock

    if not wishes.dry_run:
        delivery_lock(out).refuse()  # before the manifest is read and a shop is asked
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

    summary, errors = DeliverySummary(), _Errors()
    try:
        for one in delivered:
            summary.add(one)
            if one.error is not None:
                errors.say(one.error, one.source)
            shown = replace(one, reasons=tuple(map(reason_words, one.reasons)))
            print_row(one.row(), shown.words(), as_json=as_json)
    except BaseException:
        errors.say_further()
        if summary.counts:  # what was delivered before it ended early; of a delivery that never began, the error alone
            click.echo(summary.words(dry_run=dry_run), err=True)
        raise
    errors.say_further()
    click.echo(summary.words(dry_run=dry_run), err=True)
    print_notes(summary.advice(out))
    return summary.exit_code


def rolled_back(path: Path, *, dry_run: bool, as_json: bool) -> int:
    """Undo a delivery and print what becomes of each product; gives the exit code."""
    from packshot.delivery.direct import roll_back

    bad, errors = 0, _Errors()
    for one in roll_back(path, dry_run=dry_run):
        bad += one.error is not None or bool(one.deleted)
        if one.error is not None:
            errors.say(one.error, ", ".join(one.skus))
        print_row(one.row(), one.words(), as_json=as_json)
    errors.say_further()
    return 3 if bad else 0


class _Errors:
    """Errors on stderr, each on one line: what many pictures have in common is said of the first, then once of all."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()

    def say(self, error: PackshotError, name: str) -> None:
        """Say an error, unless the same was said of others; names, SKUs and answers may hold what drives a terminal."""
        self._said[str(error)] += 1
        if self._said[str(error)] <= _NAMED:
            self._line(error.about(name))

    def say_further(self) -> None:
        """Say how many more there were of each."""
        for error, number in self._said.items():
            if number > _NAMED:
                self._line(f"and {number - _NAMED:,} more: {error}")

    @staticmethod
    def _line(text: str) -> None:
        from packshot.storage.encodable import printable

        click.echo(printable(text), err=True)
