"""What the tasks of ``packshot evaluate`` share: which pictures, under which names, and where results go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.options import json_option
from packshot.errors import PackshotError, UsageError

if TYPE_CHECKING:
    from packshot.datasets import Item

__all__ = ["Unreadable", "check_data", "data_options", "fault", "make_folder", "photo_name", "spread", "write_results"]

Command = TypeVar("Command", bound=Callable[..., Any])
AnyItem = TypeVar("AnyItem", bound="Item")

#: Names of photos that could not be scored, each with its reason.
Unreadable = list[tuple[str, PackshotError]]


def data_options(truth: str) -> Callable[[Command], Command]:
    """``--data``, ``--split``, ``-o``, ``--limit``, ``--json``.

    Args:
        truth: what ``--data`` may be.
    """

    def decorate(command: Command) -> Command:
        for option in (
            json_option,
            click.option(
                "--limit", type=click.IntRange(1), metavar="N", help="Only N photos, spread evenly over the split."
            ),
            click.option(
                "-o", "--out", metavar="FOLDER", help="Write report.html, scores.jsonl and summary.json there."
            ),
            click.option(
                "--split",
                type=click.Choice(["holdout", "validation", "train", "all"]),
                default="holdout",
                show_default=True,
                help="Which pictures. Choose on validation, report on holdout.",
            ),
            click.option(
                "--data", envvar="PACKSHOT_DATA", required=True, metavar="DIR", help=f"{truth} [env: PACKSHOT_DATA]"
            ),
        ):
            command = option(command)
        return command

    return decorate


def check_data(data: Path) -> None:
    """Refuse a folder that is not there.

    Raises:
        UsageError: names it.
    """
    if not data.exists():
        raise UsageError(f"{data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")


def spread(every: Sequence[AnyItem], *, data: Path, split: str, limit: int | None) -> list[AnyItem]:
    """The pictures of a split, spread evenly if only some are wanted.

    Args:
        every: of all splits.
        data: where they are from.
        split: its name, or ``all``.
        limit: how many; None for all.

    Raises:
        UsageError: there are none; names the splits that have some.
    """
    found = [item for item in every if split in {item.split, "all"}]
    if not found:
        there = ", ".join(f"{split} {count}" for split, count in Counter(item.split for item in every).items())
        raise UsageError(
            f"{data}: no photos in the split {split} (there are: {there or 'none'})",
            remedy="name another --split, or --split all if nothing was trained on these pictures",
        )
    count = min(limit or len(found), len(found))
    return [found[index * len(found) // count] for index in range(count)]


def photo_name(photo: Path, data: Path) -> str:
    """A photo's path below the data's folder, or as it is."""
    root = data.parent if data.is_file() else data
    return str(photo.relative_to(root) if photo.is_relative_to(root) else photo)


def make_folder(out: Path) -> None:
    """Make the folder for the results, before the work: nothing is lost when it cannot be made.

    Raises:
        OutputError: it cannot be made.
    """
    from packshot.storage.atomic import output_error

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def write_results(out: Path, *, page: str, lines: str, summary: str, quiet: bool) -> None:
    """Write the three files, and say where the report is.

    Args:
        out: the folder.
        page: of report.html.
        lines: of scores.jsonl.
        summary: of summary.json.
        quiet: whether stdout is for JSON alone.

    Raises:
        OutputError: a file cannot be written.
    """
    from packshot.batch import write_atomic

    write_atomic(out / "scores.jsonl", lines.encode())
    write_atomic(out / "summary.json", summary.encode())
    write_atomic(out / "report.html", page.encode())
    click.echo(f"report: {out / 'report.html'}", err=quiet)


def fault(error: PackshotError) -> dict[str, str]:
    """An error as JSON has it."""
    return error.to_dict()
