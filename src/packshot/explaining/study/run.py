"""A study over a whole set: each photo once, resumed where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from packshot.cutout import model_fingerprint
from packshot.datasets import Described
from packshot.description import Describer, describer_fingerprint
from packshot.errors import PackshotError, UsageError
from packshot.evaluation.category_evaluation import category_labels
from packshot.evaluation.photos import Progress, Unreadable
from packshot.explaining.study.answers import PhotoAnswers, answer_photo
from packshot.explaining.study.drawn_regions import refuse_outside
from packshot.explaining.study.photos import StudyPhoto
from packshot.explaining.study.plan import StudyPlan
from packshot.explaining.study.subjects import Subjects, frame_part
from packshot.heads import Head
from packshot.settings import Settings
from packshot.storage import RowLog, folder_lock, parse_row
from packshot.values import CATEGORY, Rgb

__all__ = ["ANSWERS", "Study", "changed_picture", "run_study"]

#: The log of answers in the study's folder.
ANSWERS = "answers.jsonl"
_REPAIR = "remove that line: its photo is asked about again"
_REMEDY = "name another folder with -o: the file is of another study, network or version"


@dataclass(frozen=True, slots=True)
class Study:
    """A finished study.

    Attributes:
        answers: of every photo that could be read, in the order of the data.
        photos: by name.
        unreadable: photos that could not be asked about.
    """

    answers: Sequence[PhotoAnswers]
    photos: dict[str, StudyPhoto]
    unreadable: Sequence[Unreadable]


def run_study(
    plan: StudyPlan,
    photos: Sequence[StudyPhoto],
    *,
    data: Path,
    out: Path,
    settings: Settings,
    describer: Describer,
    progress: Progress | None = None,
) -> Study:
    """Ask about every photo and everything made of it; what was answered before is not asked again.

    An answer holds for the files, the product, the label and the drawn regions that it was given for: where one of
    them is another now, the photo is asked about again, and the later row of the log counts.

    Args:
        plan: the study.
        photos: of `study_photos`.
        data: where they are from.
        out: the study's folder; answers are appended to `ANSWERS` there.
        settings: of the cut-out, whose masks tell product and background apart.
        describer: the network that is asked.
        progress: told of each photo, also of those that were answered before.

    Raises:
        UsageError: the network has no such head, a photo's label is unknown to it, a drawn region reaches out of its
            photo, or the folder is of another study.
        OutputError: an answer cannot be written.
    """
    head = _head(describer, plan.head)
    true = _truth([photo.item for photo in photos], head, data=data, network=describer.network.id)
    changes, subjects = plan.changes(), Subjects(plan, settings)
    header = {
        "study": plan.fingerprint,
        "describe": describer_fingerprint(settings.describe_model, settings),
        "cutout": model_fingerprint(settings.model, settings),
        **frame_part(plan, settings),
    }
    unreadable: list[Unreadable] = []
    rows = RowLog(
        out / ANSWERS,
        partial(parse_row, PhotoAnswers),
        header=json.dumps(header).encode() + b"\n",
        repair=_REPAIR,
        remedy=_REMEDY,
    )
    found: dict[str, PhotoAnswers] = {}
    with folder_lock(out).hold(), rows:
        rows.read(lambda answer: found.update({answer.photo: answer}))
        for photo in photos:
            _refuse_outside(photo, found.get(photo.name))
        for photo in photos:
            hashes, label, regions = photo.hashes(), true(photo.item), _corners(photo)
            kept = found.pop(photo.name, None)
            given = hashes, photo.product, label, regions
            if kept is not None and (kept.pictures, kept.product, kept.true, kept.regions) == given:
                found[photo.name] = kept
            else:
                try:
                    subject = subjects(photo)
                except PackshotError as error:
                    unreadable.append(Unreadable(photo.name, error))
                    if progress is not None:
                        progress(error)
                    continue
                found[photo.name] = answer_photo(
                    subject,
                    photo=photo.name,
                    pictures=hashes,
                    product=photo.product,
                    true=label,
                    regions=regions,
                    head=head,
                    probabilities=lambda picture: describer.read(picture).probabilities(head),
                    changes=changes,
                )
                rows.append([found[photo.name]])
            if progress is not None:
                progress(None)
    return Study(
        [found[photo.name] for photo in photos if photo.name in found],
        {photo.name: photo for photo in photos},
        unreadable,
    )


def changed_picture(
    plan: StudyPlan, subjects: Subjects, photo: StudyPhoto, name: str
) -> tuple[Rgb, Rgb, Rgb | None] | None:
    """A photo, what a change made of it, and its control if there is one: for the report; None where nothing changes.

    Args:
        plan: the study.
        subjects: of it.
        photo: of it.
        name: of the intervention.
    """
    subject = subjects(photo)
    change = next(each for each in plan.changes() if each.name == name)
    changed = change.change(subject)
    if changed is None:
        return None
    return subject.rgb, changed, None if change.control is None else change.control(subject)


def _corners(photo: StudyPhoto) -> dict[str, tuple[int, int, int, int]]:
    return {name: box.as_tuple() for name, box in photo.regions.items()}


def _refuse_outside(photo: StudyPhoto, kept: PhotoAnswers | None) -> None:
    """Refuse a region out of its photo before the first photo is asked about; those that were answered passed it."""
    if not photo.regions or (kept is not None and kept.regions == _corners(photo)):
        return
    try:
        rgb = photo.item.rgb()
    except PackshotError:
        return  # told of when it is asked about
    refuse_outside(photo.regions, photo=photo.name, size=(rgb.shape[1], rgb.shape[0]))


def _head(describer: Describer, name: str) -> Head:
    for head in describer.heads:
        if head.name == name:
            return head
    raise UsageError(
        f"{describer.network.id} has no head {name!r}",
        remedy=f"write into the study: head = one of {', '.join(head.name for head in describer.heads)}",
    )


def _truth(items: Sequence[Described], head: Head, *, data: Path, network: str) -> Callable[[Described], str | None]:
    """What is known of a photo, as a label of the head."""
    if head.name != CATEGORY:
        return lambda item: item.attributes.get(head.name)
    labels = category_labels([item for item in items if item.category], head, data=data, network=network)
    return lambda item: labels.get(item.category or "")
