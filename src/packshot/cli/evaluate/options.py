"""What the tasks of ``packshot evaluate`` are asked, and what they print and write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import click

from packshot.cli.command import option
from packshot.cli.options import JSON, PRECISION, PROVIDER, THREADS
from packshot.cli.printing import print_notes, print_table
from packshot.counting import counted

if TYPE_CHECKING:
    from packshot.datasets import Item
    from packshot.evaluation.photos import Progress
    from packshot.web.evaluation_report.tasks import Scored

__all__ = ["Asked", "Describing"]

AnyItem = TypeVar("AnyItem", bound="Item")
Item_contra = TypeVar("Item_contra", bound="Item", contravariant=True)


class Task(Protocol[Item_contra]):
    """One of `packshot.web.evaluation_report.tasks`."""

    def prepare(self, items: Sequence[Item_contra]) -> list[str]:
        """Look at the truth; what a person must know of it before."""

    def score(self, items: Sequence[Item_contra], progress: Progress) -> Scored:
        """Score the pictures."""


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
        "-o",
        "--out",
        metavar="FOLDER",
        help="Write the report, scores.jsonl, summary.json and contradicted labels there.",
    )
    limit: int | None = option(
        "--limit", type=click.IntRange(1), metavar="N", help="Only N photos, spread evenly over the split."
    )
    as_json: bool = JSON

    def choose(self, every: Sequence[AnyItem], data: Path) -> list[AnyItem]:
        """The pictures of the split; see `packshot.evaluation.photos.choose_photos`."""
        from packshot.evaluation.photos import choose_photos

        return choose_photos(every, data=data, split=self.split, limit=self.limit)

    def run(self, task: Task[AnyItem], every: Sequence[AnyItem], data: Path) -> int:
        """Score the pictures that are asked for, print a row a set, and write the report where a folder was named.

        The folder is made before the work: nothing is lost when it cannot be made.

        Returns:
            The exit code: 3 where photos could not be scored.

        Raises:
            UsageError: there are none, or their truth is none of the network's.
            OutputError: the folder or a file cannot be written.
        """
        from packshot.cli.progress import Bar
        from packshot.evaluation.files import make_folder
        from packshot.web.evaluation_report.writing import write_scored

        items = self.choose(every, data)
        print_notes(task.prepare(items))
        if self.out:
            make_folder(self.out)
        with Bar(len(items), unit="photo") as bar:
            done = task.score(items, bar.step)
        rows = [{**asdict(row), "error": None} for row in done.found.summary]  # type: ignore[call-overload]  # a dataclass
        rows += [each.row() for each in done.found.unreadable]
        print_table(rows, done.table.header, done.table.rows, left=done.table.left, as_json=self.as_json)
        scored, unreadable = len(done.found.lines()), len(done.found.unreadable)
        if self.out is not None and scored:
            for line in write_scored(done, self.out, data=data, split=self.split, limit=self.limit):
                click.echo(line, err=self.as_json)
        if unreadable:
            how_many = f"{counted(unreadable, 'photo')} could not be scored"
            click.echo(how_many if scored else f"none of {counted(unreadable, 'photo')} could be scored", err=True)
        return 3 if unreadable else 0
