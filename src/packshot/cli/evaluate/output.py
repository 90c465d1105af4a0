"""What ``packshot evaluate`` prints: progress, the table or JSON lines, and how many photos could not be scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from packshot.cli.evaluate.options import Asked
    from packshot.cli.progress import Bar
    from packshot.errors import PackshotError
    from packshot.evaluation.files import Evaluation
    from packshot.evaluation.photos import Unreadable

__all__ = ["facts_of", "print_rows", "print_unreadable", "progress_on", "write_report"]


def progress_on(bar: Bar) -> Callable[[PackshotError | None], None]:
    """Move a bar after each photo, and name those that could not be read above it."""

    def step(error: PackshotError | None) -> None:
        if error is not None:
            bar.write_line(str(error))
        bar.update()

    return step


def print_rows(
    evaluation: Evaluation, *, header: Sequence[str], lines: Sequence[Sequence[str]], left: int = 1, as_json: bool
) -> None:
    """Print a row a set: a table, or JSON lines, those of unreadable photos after them.

    Args:
        evaluation: what was scored.
        header: of the table.
        lines: its rows.
        left: how many of its first columns are words.
        as_json: whether stdout is for JSON alone.
    """
    from packshot.cli.table import aligned

    if as_json:
        for row in evaluation.summary:
            click.echo(json.dumps({**asdict(row), "error": None}))  # type: ignore[call-overload]  # all are dataclasses
        for each in evaluation.unreadable:
            click.echo(json.dumps(each.row()))
    elif lines:
        click.echo(aligned(header, lines, left=left))


def print_unreadable(unreadable: Sequence[Unreadable], photos: int) -> int:
    """Say how many photos could not be scored.

    Returns:
        The exit code.
    """
    if unreadable and len(unreadable) == photos:
        click.echo(f"none of {photos} photos could be scored", err=True)
    elif unreadable:
        click.echo(f"{len(unreadable)} photos could not be scored", err=True)
    return 3 if unreadable else 0


def facts_of(asked: Asked, model: str, *, precision: float | None = None) -> dict[str, str]:
    """What was evaluated, on what: name -> words.

    Args:
        asked: what the command line asked for.
        model: name and hash of the network.
        precision: that answers were asked for, where they have one.
    """
    from packshot.version import __version__

    asked_for = {} if precision is None else {"Precision": f"{precision:g}"}
    return {
        "Model": model,
        "Data": str(asked.data),
        "Split": asked.split,
        **asked_for,
        "packshot": __version__,
    }


def write_report(
    asked: Asked,
    evaluation: Evaluation,
    *,
    task: str,
    page: Callable[[Mapping[str, str]], str],
    facts: Mapping[str, str],
    more: Mapping[str, object] | None = None,
) -> None:
    """Write the three files where a folder was asked for, and say where the report is.

    Args:
        asked: what the command line asked for.
        evaluation: what was scored.
        task: its name.
        page: makes the report from what was evaluated, on what.
        facts: what was evaluated, on what: name -> words.
        more: further parts of ``summary.json``.

    Raises:
        OutputError: a file cannot be written.
    """
    from packshot.evaluation.files import write_evaluation

    if asked.out is None:
        return
    report = write_evaluation(
        asked.out, evaluation, task=task, facts=facts, page=page(facts), limit=asked.limit, more=more
    )
    click.echo(f"report: {report}", err=asked.as_json)
