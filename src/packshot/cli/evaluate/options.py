"""What the tasks of ``packshot evaluate`` are asked, and what they print and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from packshot.cli.command import option
from packshot.cli.options import JSON, PRECISION, PROVIDER, THREADS
from packshot.cli.printing import print_row
from packshot.cli.table import aligned

if TYPE_CHECKING:
    from packshot.datasets import Item
    from packshot.evaluation.files import Evaluation
    from packshot.web.evaluation_report.answers import Table

__all__ = ["Asked", "Describing"]

AnyItem = TypeVar("AnyItem", bound="Item")


@dataclass(frozen=True)
class Describing:
    """The network that describes; each a field of `Settings`."""

    describe_model: str | None = option(
        "--model", once=True, metavar="NAME|FILE", help="describe, or an ONNX file. [default: describe]"
    )
    precision: float | None = PRECISION
    provider: Literal["cpu", "cuda", "openvino", "coreml"] | None = PROVIDER
    threads: int | None = THREADS


@dataclass(frozen=True)
class Asked:
    """Which pictures are scored, and where the results go."""

    split: Literal["holdout", "validation", "train", "all"] = option(
        "--split", default="holdout", help="Which pictures. Choose on validation, report on holdout."
    )
    out: Path | None = option(
        "-o", "--out", metavar="FOLDER", help="Write report.html, scores.jsonl and summary.json there."
    )
    limit: int | None = option(
        "--limit", type=click.IntRange(1), metavar="N", help="Only N photos, spread evenly over the split."
    )
    as_json: bool = JSON

    def choose(self, every: Sequence[AnyItem], data: Path) -> list[AnyItem]:
        """The pictures of the split; see `packshot.evaluation.photos.choose_photos`."""
        from packshot.evaluation.photos import choose_photos

        return choose_photos(every, data=data, split=self.split, limit=self.limit)

    def make_folder(self) -> None:
        """Make the folder for the results, before the work: nothing is lost when it cannot be made.

        Raises:
            OutputError: it cannot be made.
        """
        from packshot.evaluation.files import make_folder

        if self.out:
            make_folder(self.out)

    def present(
        self,
        evaluation: Evaluation,
        table: Table,
        *,
        data: Path,
        task: str,
        model: str,
        page: Callable[[Mapping[str, str]], str],
        precision: float | None = None,
        more: Callable[[], Mapping[str, object]] = dict,
    ) -> int:
        """Print a row a set, and write the report where a folder was asked for.

        Args:
            evaluation: what was scored.
            table: its summary.
            data: where the pictures are from.
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
        for row in evaluation.summary if self.as_json else ():
            print_row({**asdict(row), "error": None}, "", as_json=True)  # type: ignore[call-overload]  # a dataclass
        for each in evaluation.unreadable if self.as_json else ():
            print_row(each.row(), "", as_json=True)
        if table.rows and not self.as_json:
            click.echo(aligned(table.header, table.rows, left=table.left))
        scored, unreadable = len(evaluation.lines()), len(evaluation.unreadable)
        if self.out is not None and scored:
            from packshot.evaluation.files import write_evaluation
            from packshot.version import __version__

            asked_for = {} if precision is None else {"Precision": f"{precision:g}"}
            facts = {"Model": model, "Data": str(data), "Split": self.split, **asked_for, "packshot": __version__}
            report = write_evaluation(
                self.out, evaluation, task=task, facts=facts, page=page(facts), limit=self.limit, more=more()
            )
            click.echo(f"report: {report}", err=self.as_json)
        if unreadable and not scored:
            click.echo(f"none of {unreadable} photos could be scored", err=True)
        elif unreadable:
            click.echo(f"{unreadable} photos could not be scored", err=True)
        return 3 if unreadable else 0
