"""What ``packshot train`` prints when a run, or a cross-validation, is over."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from packshot.training.folds import FoldScores
    from packshot.training.run_folder import RunRecord

__all__ = ["print_folds", "print_outcome"]


def print_folds(scores: FoldScores, *, as_json: bool) -> None:
    """Print the mean score of a cross-validation, and that of each fold."""
    if as_json:
        click.echo(json.dumps(asdict(scores)))
        return
    each = ", ".join(f"{score:.4f}" for score in scores.scores)
    click.echo(f"{scores.headline}: {scores.mean:.4f} +- {scores.deviation:.4f} over {scores.folds} folds ({each})")


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
