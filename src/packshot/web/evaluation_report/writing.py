"""An evaluation into its folder: the report, the scores, and the labels that the network contradicts."""

from __future__ import annotations

from pathlib import Path

from packshot.counting import counted
from packshot.evaluation.contradicted import CONTRADICTED, contradictions_text
from packshot.evaluation.files import write_evaluation
from packshot.storage import write_atomic
from packshot.version import __version__
from packshot.web.evaluation_report.tasks import Scored

__all__ = ["write_scored"]


def write_scored(done: Scored, out: Path, *, data: Path, split: str, limit: int | None) -> list[str]:
    """Write everything into a folder.

    Args:
        done: what was scored.
        out: the folder.
        data: where the pictures are from.
        split: which of them.
        limit: how many were asked for; None for all.

    Returns:
        For a person, a line for each file to look at.

    Raises:
        OutputError: a file cannot be written.
    """
    precision = {} if done.precision is None else {"Precision": f"{done.precision:g}"}
    facts = {"Model": done.model, "Data": str(data), "Split": split, **precision, "packshot": __version__}
    report = write_evaluation(
        out, done.found, task=done.task, facts=facts, page=done.page(facts), limit=limit, more=done.more
    )
    lines = [f"report: {report}"]
    if done.contradicted is not None:
        write_atomic(out / CONTRADICTED, contradictions_text(done.contradicted).encode())
        lines.append(f"{counted(len(done.contradicted), 'label is', 'labels are')} contradicted: {out / CONTRADICTED}")
    return lines
