"""What ``packshot evaluate`` prints: the table or JSON lines, where the report is, how many photos were not scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from packshot.cli.evaluate.options import Asked
    from packshot.evaluation.files import Evaluation
    from packshot.web.evaluation_report.answers import Table

__all__ = ["present"]


def present(
    asked: Asked,
    evaluation: Evaluation,
    table: Table,
    *,
    words: int,
    task: str,
    model: str,
    page: Callable[[Mapping[str, str]], str],
    precision: float | None = None,
    more: Callable[[], Mapping[str, object]] = dict,
) -> int:
    """Print a row a set, and write the report where a folder was asked for.

    Args:
        asked: what the command line asked for.
        evaluation: what was scored.
        table: its summary.
        words: how many of the table's first columns are words.
        task: its name.
        model: name and hash of the network.
        page: makes the report from what was evaluated, on what: name -> words.
        precision: that answers were asked for, where they have one.
        more: makes further parts of ``summary.json``.

    Returns:
        The exit code: 3 where photos could not be scored.

    Raises:
        OutputError: a file cannot be written.
    """
    _print_rows(evaluation, table, words, as_json=asked.as_json)
    scored, unreadable = len(evaluation.lines()), len(evaluation.unreadable)
    if asked.out is not None and scored:
        from packshot.evaluation.files import write_evaluation

        facts = _facts(asked, model, precision)
        report = write_evaluation(
            asked.out, evaluation, task=task, facts=facts, page=page(facts), limit=asked.limit, more=more()
        )
        click.echo(f"report: {report}", err=asked.as_json)
    if unreadable and not scored:
        click.echo(f"none of {unreadable} photos could be scored", err=True)
    elif unreadable:
        click.echo(f"{unreadable} photos could not be scored", err=True)
    return 3 if unreadable else 0


def _print_rows(evaluation: Evaluation, table: Table, words: int, *, as_json: bool) -> None:
    from packshot.cli.table import aligned

    if as_json:
        for row in evaluation.summary:
            click.echo(json.dumps({**asdict(row), "error": None}))  # type: ignore[call-overload]  # all are dataclasses
        for each in evaluation.unreadable:
            click.echo(json.dumps(each.row()))
    elif table.rows:
        click.echo(aligned(table.header, table.rows, left=words))


def _facts(asked: Asked, model: str, precision: float | None) -> dict[str, str]:
    from packshot.version import __version__

    asked_for = {} if precision is None else {"Precision": f"{precision:g}"}
    return {"Model": model, "Data": str(asked.data), "Split": asked.split, **asked_for, "packshot": __version__}
