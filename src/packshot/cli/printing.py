"""Results on stdout: a line for a person, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

__all__ = ["print_row"]


def print_row(row: Mapping[str, object], text: str, *, as_json: bool) -> None:
    """Print one result.

    Args:
        row: with ``--json``; what JSON does not know, such as a time, is written as text.
        text: without; nothing is printed where it is empty.
        as_json: whether ``--json`` was given.
    """
    if as_json:
        click.echo(json.dumps(row, default=str))
    elif text:
        click.echo(text)
