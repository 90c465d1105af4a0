"""What ``packshot train`` and ``packshot export`` need before and after a training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.training.run_folder import RunRecord

__all__ = ["devices_of", "override_of", "print_outcome", "require_training"]


def require_training() -> None:
    """Refuse politely when the training extra is not installed.

    Raises:
        UsageError: torch or Lightning is missing.
    """
    from importlib.util import find_spec

    missing = [name for name in ("torch", "torchvision", "timm", "lightning") if find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}", remedy="pip install 'packshot[train]'")


def print_outcome(record: RunRecord, run: Path, data: str, *, as_json: bool) -> None:
    """Print the outcome of a run; an interrupted one ends the command with exit code 130."""
    if as_json:
        click.echo(record.model_dump_json())
    elif record.status == "finished":
        click.echo(f"{run}: finished, {record.epochs_done} epochs, {record.seconds:.0f} s on {record.hardware}")
        click.echo(f"  began with {record.start or 'unknown weights'}")
        for split, score in record.scores.items():
            if score is not None:
                low, high = record.intervals.get(split, (None, None))
                interval = "" if low is None else f" (95 % {low:.4f} to {high:.4f})"
                click.echo(f"  {split:10} {record.headline} {score:.4f}{interval}")
        for name, value in record.baselines.items():
            click.echo(f"  baseline   {name.replace('_', ' ')} {value:.4f}")
        click.echo("to go on: repeat with --set epochs=MORE; to try something else: another folder with -o")
        if record.epochs_done:
            click.echo(f"next: packshot export {run} -o model.onnx --data {data}")
    else:
        click.echo(f"{run}: interrupted after {record.epochs_done} whole epochs; repeat the command to go on", err=True)
    if record.status == "interrupted":
        raise click.exceptions.Exit(130)


def devices_of(text: str) -> Any:
    """The value of ``--devices``.

    Raises:
        UsageError: neither a number from 1 up nor ``auto``.
    """
    if text == "auto":
        return text
    if not text.isdigit() or int(text) < 1:
        raise UsageError(f"--devices {text}: expected a number from 1 up, or auto", remedy="for example --devices 2")
    return int(text)


def override_of(text: str) -> tuple[str, Any]:
    """Key and value of one ``--set``.

    Raises:
        UsageError: there is no ``=``.
    """
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"--set {text}: expected KEY=VALUE", remedy="for example --set batch=8")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value
