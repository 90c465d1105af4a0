"""Options that the tasks of ``packshot evaluate`` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.cli.options import json_option, once
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.description import Describer
    from packshot.settings import Settings

__all__ = ["Asked", "data_options", "describe_options", "load_describer"]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for, of any task.

    Attributes:
        data: folder or table of the pictures.
        split: name of a split, or ``all``.
        limit: so many pictures; None for all.
        out: folder for the results; None for none.
        as_json: whether stdout is for JSON alone.
        settings: of the network.
    """

    data: Path
    split: str
    limit: int | None
    out: Path | None
    as_json: bool
    settings: Settings

    def check_data(self) -> None:
        """Refuse a folder that is not there.

        Raises:
            UsageError: names it.
        """
        if not self.data.exists():
            raise UsageError(
                f"{self.data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA"
            )

    def make_folder(self) -> None:
        """Make the folder for the results, before the work: nothing is lost when it cannot be made.

        Raises:
            OutputError: it cannot be made.
        """
        if self.out:
            from packshot.evaluation.files import make_folder

            make_folder(self.out)


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


def describe_options(command: Command) -> Command:
    """``--model``, ``--precision``, ``--provider``, ``--threads``."""
    for option in (
        click.option("--threads", type=click.IntRange(1, 1024), help="Threads of the network. [default: all cores]"),
        click.option(
            "--provider",
            type=click.Choice(["cpu", "cuda", "openvino", "coreml"]),
            help="Where the network runs; one that is not there is an error. [default: cpu]",
        ),
        click.option(
            "--precision", type=float, metavar="P", help="Share of answers that should be right. [default: 0.95]"
        ),
        click.option(
            "--model",
            "describe_model",
            metavar="NAME|FILE",
            multiple=True,
            callback=once,
            help="describe, or an ONNX file. [default: describe]",
        ),
    ):
        command = option(command)
    return command


def load_describer(settings: Settings) -> Describer:
    """The network to score.

    Raises:
        ModelError: it cannot be used.
        UsageError: it is ``none``.
    """
    from packshot.description import describer

    found = describer(settings.describe_model, settings)
    if found is None:
        raise UsageError("--model none describes nothing", remedy="name a network: `packshot models` lists them")
    return found
