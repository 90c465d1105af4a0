"""The files of a finished study: the page, and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from packshot.evaluation.changes import ChangeFigures
from packshot.explaining.study.answers import PhotoAnswers, control_name
from packshot.explaining.study.curves import dose_curves
from packshot.explaining.study.figures import worst
from packshot.explaining.study.left_out import left_out
from packshot.explaining.study.plan import StudyPlan
from packshot.explaining.study.run import Study, changed_picture
from packshot.explaining.study.subjects import Subjects
from packshot.settings import Settings
from packshot.storage import write_atomic
from packshot.storage.json_text import json_text
from packshot.web.study_page import ChangedPhoto, StudyRow, study_page

__all__ = ["write_report"]

_SHOWN = 4  # photos of each change


def write_report(
    out: Path,
    plan: StudyPlan,
    study: Study,
    figures: Sequence[ChangeFigures],
    *,
    settings: Settings,
    facts: Mapping[str, str],
) -> Path:
    """Write ``report.html`` and ``figures.json``.

    Args:
        out: the study's folder.
        plan: the study.
        study: finished.
        figures: of `study_figures`.
        settings: of the cut-out, which the changed pictures are made with again.
        facts: what was asked, of what: name -> words.

    Returns:
        The page.

    Raises:
        OutputError: a file cannot be written.
    """
    subjects, notes = Subjects(plan, settings), left_out(plan, study.answers)
    rows = [
        StudyRow(row, tuple(_pictures(plan, study, row.name, subjects)), notes.pop(row.name, "")) for row in figures
    ]
    target = out / "report.html"
    write_atomic(out / "figures.json", json_text([asdict(row) for row in figures], indent=2).encode())
    unreadable = [each.name for each in study.unreadable]
    page = study_page(
        plan.name,
        rows,
        facts=facts,
        unreadable=unreadable,
        notes=[f"{name}: {words}" for name, words in notes.items()],
        curves=dose_curves(figures),
    )
    write_atomic(target, page.encode())
    return target


def _pictures(plan: StudyPlan, study: Study, name: str, subjects: Subjects) -> list[ChangedPhoto]:
    """The photos whose answer a change hurt most."""
    if name not in {change.name for change in plan.changes()}:
        return []  # the photos as they are, or a control, which stands beside what it controls
    shown = (_picture(plan, study, answer, name, subjects) for answer in worst(study.answers, name, count=_SHOWN))
    return [picture for picture in shown if picture is not None]


def _picture(plan: StudyPlan, study: Study, answer: PhotoAnswers, name: str, subjects: Subjects) -> ChangedPhoto | None:
    pictures = changed_picture(plan, subjects, study.photos[answer.photo], name)
    if pictures is None:
        return None
    before, after, control = pictures
    changed, beside = answer.changed[name], answer.changed.get(control_name(name))
    return ChangedPhoto(
        name=answer.photo,
        before=before,
        after=after,
        control=control,
        true=answer.true,
        said=answer.plain.label,
        now=changed.label,
        said_of_control=None if beside is None else beside.label,
        logit=changed.logit - answer.plain.logit,
    )
