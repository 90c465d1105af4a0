"""What the tasks of ``packshot evaluate`` are asked, and what they begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from packshot.cli.declaring import Decorator, gathered, once, options
from packshot.cli.options import json_option, precision_option, provider_option, settings_from, threads_option
from packshot.errors import UsageError

if TYPE_CHECKING:
    from packshot.datasets import Item
    from packshot.description import Describer
    from packshot.settings import Settings

__all__ = ["Asked", "asked_for", "describe_options", "load_describer"]

AnyItem = TypeVar("AnyItem", bound="Item")


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

    def choose(self, every: Sequence[AnyItem]) -> list[AnyItem]:
        """The pictures to score; see `packshot.evaluation.photos.choose_photos`."""
        from packshot.evaluation.photos import choose_photos

        return choose_photos(every, data=self.data, split=self.split, limit=self.limit)

    def make_folder(self) -> None:
        """Make the folder for the results, before the work: nothing is lost when it cannot be made.

        Raises:
            OutputError: it cannot be made.
        """
        if self.out:
            from packshot.evaluation.files import make_folder

            make_folder(self.out)


def asked_for(truth: str, *network: Decorator) -> Decorator:
    """``--data``, ``--split``, ``-o``, ``--limit``, ``--json`` and the network's options, as one `Asked`.

    Args:
        truth: what ``--data`` may be.
        network: options that are settings.
    """
    return gathered(
        "asked",
        _asked,
        click.option(
            "--data", envvar="PACKSHOT_DATA", required=True, metavar="DIR", help=f"{truth} [env: PACKSHOT_DATA]"
        ),
        click.option(
            "--split",
            type=click.Choice(["holdout", "validation", "train", "all"]),
            default="holdout",
            show_default=True,
            help="Which pictures. Choose on validation, report on holdout.",
        ),
        click.option("-o", "--out", metavar="FOLDER", help="Write report.html, scores.jsonl and summary.json there."),
        click.option(
            "--limit", type=click.IntRange(1), metavar="N", help="Only N photos, spread evenly over the split."
        ),
        json_option,
        *network,
    )


def _asked(*, data: str, split: str, out: str | None, limit: int | None, as_json: bool, **network: object) -> Asked:
    if not Path(data).exists():
        raise UsageError(f"{data}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")
    return Asked(Path(data), split, limit, Path(out) if out else None, as_json, settings_from(**network))


#: The network that describes.
describe_options = options(
    click.option(
        "--model",
        "describe_model",
        metavar="NAME|FILE",
        multiple=True,
        callback=once,
        help="describe, or an ONNX file. [default: describe]",
    ),
    precision_option,
    provider_option,
    threads_option,
)


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
