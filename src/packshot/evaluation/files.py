"""The three files of an evaluation: the report, a row a photo, and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from packshot.evaluation.photos import Unreadable
from packshot.storage.atomic import output_error, write_atomic
from packshot.storage.json_text import json_text

__all__ = ["Evaluation", "make_folder", "write_evaluation"]


class Evaluation(Protocol):
    """What the evaluations of all tasks have; the rows of the summary are dataclasses."""

    @property
    def summary(self) -> Sequence[object]:
        """A row a set."""

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        """Photos that could not be scored."""

    def lines(self) -> list[dict[str, object]]:
        """A row a photo."""


def make_folder(out: Path) -> None:
    """Make the folder for the results, before the work: nothing is lost when it cannot be made.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(out, error) from error


def write_evaluation(
    out: Path,
    evaluation: Evaluation,
    *,
    task: str,
    facts: Mapping[str, str],
    page: str,
    limit: int | None,
    more: Mapping[str, object] | None = None,
) -> Path:
    """Write ``scores.jsonl``, ``summary.json`` and ``report.html``.

    Args:
        out: the folder.
        evaluation: of any task.
        task: its name.
        facts: what was evaluated, on what: name -> words.
        page: the report as HTML.
        limit: how many photos were asked for; None for all.
        more: further parts of ``summary.json``.

    Returns:
        The report.

    Raises:
        OutputError: a file cannot be written.
    """
    summary = {
        "task": task,
        **{name.lower(): words for name, words in facts.items()},
        "limit": limit,
        "summary": [asdict(row) for row in evaluation.summary],  # type: ignore[call-overload]  # rows are dataclasses
        **(more or {}),
        "unreadable": [each.row() for each in evaluation.unreadable],
    }
    lines = "".join(json_text(line) + "\n" for line in evaluation.lines())
    write_atomic(out / "scores.jsonl", lines.encode())
    write_atomic(out / "summary.json", json_text(summary, indent=2).encode())
    write_atomic(out / "report.html", page.encode())
    return out / "report.html"
