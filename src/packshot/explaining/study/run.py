"""A study over a whole set: each photo once, resumed where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from packshot.cutout import model_fingerprint, segmenter
from packshot.datasets import Described
from packshot.description import Describer, describer_fingerprint
from packshot.errors import PackshotError, UsageError
from packshot.evaluation.category_evaluation import category_labels
from packshot.evaluation.photos import Progress, Unreadable, choose_photos, photo_name
from packshot.explaining.interventions import Subject
from packshot.explaining.photo_hash import photo_hash
from packshot.explaining.product import product_alpha
from packshot.explaining.study.answers import PhotoAnswers, answer_photo, photo_seed
from packshot.explaining.study.figures import refuse_few_products
from packshot.explaining.study.plan import StudyPlan
from packshot.heads import Head
from packshot.photo import decode
from packshot.resizing import downscaled
from packshot.settings import Settings
from packshot.storage import RowLog, lock_folder, parse_row
from packshot.values import CATEGORY, Alpha, Mask, Photo, Rgb

__all__ = ["ANSWERS", "Study", "StudyPhoto", "changed_picture", "reduced", "run_study", "study_photos"]

#: The log of answers in the study's folder.
ANSWERS = "answers.jsonl"
_LONGEST = 640  # pixels of a photo's longer side: twice what the network looks at
_REPAIR = "remove that line: its photo is asked about again"
_REMEDY = "name another folder with -o: the file is of another study, network or version"


@dataclass(frozen=True, slots=True)
class StudyPhoto:
    """A photo of a study.

    Attributes:
        name: its path below the data's folder.
        item: in the data.
        other: the photo that is laid over it or behind it.
    """

    name: str
    item: Described
    other: Described

    def hashes(self) -> tuple[str, str]:
        """SHA-256 of the photo's file and of the other's; empty of one that cannot be read."""
        return photo_hash(self.item.photo), photo_hash(self.other.photo)


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


def study_photos(plan: StudyPlan, items: Sequence[Described], *, data: Path, split: str) -> list[StudyPhoto]:
    """The photos of a study; the other photo of each is half a split away, of another category where there is one.

    It does not depend on how many photos are asked about, so that answers hold when more are added.

    Args:
        plan: the study.
        items: described photos of all splits.
        data: where they are from.
        split: of the photos to take, or ``all``.

    Raises:
        UsageError: nothing is known of any photo that the study asks for, the split has none, or they show too few
            products for an interval.
    """
    known = [item for item in items if (item.category if plan.head == CATEGORY else plan.head in item.attributes)]
    chosen = choose_photos(known, data=data, split=split, limit=plan.photos)
    every = choose_photos(known, data=data, split=split, limit=None)
    place = {id(item): at for at, item in enumerate(every)}
    refuse_few_products({_product(item, photo_name(item.photo, data)) for item in chosen})
    found = []
    for item in chosen:
        first = place[id(item)] + len(every) // 2
        others = (every[(first + step) % len(every)] for step in range(len(every)))
        other = next((each for each in others if each.category != item.category), every[first % len(every)])
        found.append(StudyPhoto(photo_name(item.photo, data), item, other))
    return found


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

    An answer holds for the files, the product and the label that it was given for: where one of them is another now,
    the photo is asked about again, and the later row of the log counts.

    Args:
        plan: the study.
        photos: of `study_photos`.
        data: where they are from.
        out: the study's folder; answers are appended to `ANSWERS` there.
        settings: of the cut-out, whose masks tell product and background apart.
        describer: the network that is asked.
        progress: told of each photo, also of those that were answered before.

    Raises:
        UsageError: the network has no such head, a photo's label is unknown to it, or the folder is of another study.
        OutputError: an answer cannot be written.
    """
    head = _head(describer, plan.head)
    true = _truth([photo.item for photo in photos], head, data=data, network=describer.network.id)
    changes, mask = plan.changes(), segmenter(settings.model, settings)
    header = {
        "study": plan.fingerprint,
        "describe": describer_fingerprint(settings.describe_model, settings),
        "cutout": model_fingerprint(settings.model, settings),
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
    with lock_folder(out), rows:
        rows.read(lambda answer: found.update({answer.photo: answer}))
        for photo in photos:
            hashes, product, label = photo.hashes(), _product(photo.item, photo.name), true(photo.item)
            kept = found.pop(photo.name, None)
            if kept is not None and (kept.pictures, kept.product, kept.true) == (hashes, product, label):
                found[photo.name] = kept
            else:
                try:
                    rgb, other = reduced(photo.item.rgb()), reduced(photo.other.rgb())
                except PackshotError as error:
                    unreadable.append(Unreadable(photo.name, error))
                    if progress is not None:
                        progress(error)
                    continue
                found[photo.name] = answer_photo(
                    rgb,
                    _alpha(mask, rgb),
                    other,
                    photo=photo.name,
                    pictures=hashes,
                    product=product,
                    true=label,
                    head=head,
                    probabilities=lambda picture: describer.read(picture).probabilities(head),
                    changes=changes,
                    seed=plan.seed,
                )
                rows.append([found[photo.name]])
            if progress is not None:
                progress(None)
    return Study(
        [found[photo.name] for photo in photos if photo.name in found],
        {photo.name: photo for photo in photos},
        unreadable,
    )


def changed_picture(plan: StudyPlan, photo: StudyPhoto, name: str, settings: Settings) -> tuple[Rgb, Rgb, Rgb | None]:
    """A photo, what a change made of it, and its control if there is one: for the report.

    Args:
        plan: the study.
        photo: of it.
        name: of the intervention.
        settings: of the cut-out.
    """
    rgb = reduced(photo.item.rgb())
    alpha = _alpha(segmenter(settings.model, settings), rgb)
    subject = Subject(rgb, alpha, reduced(photo.other.rgb()), seed=photo_seed(photo.name, plan.seed))
    change = next(each for each in plan.changes() if each.name == name)
    return rgb, change.change(subject), None if change.control is None else change.control(subject)


def reduced(rgb: Rgb) -> Rgb:
    """A photo at the size that a study works at."""
    return downscaled(rgb, _LONGEST)


def _head(describer: Describer, name: str) -> Head:
    for head in describer.heads:
        if head.name == name:
            return head
    raise UsageError(
        f"{describer.network.id} has no head {name!r}",
        remedy=f"write into the study: head = one of {', '.join(head.name for head in describer.heads)}",
    )


def _product(item: Described, name: str) -> str:
    return item.product or name


def _alpha(mask: Callable[[Photo], Mask], rgb: Rgb) -> Alpha:
    """Where the product is; everywhere in a photo where none is found."""
    alpha = product_alpha(mask, decode(rgb))
    return np.ones(rgb.shape[:2], np.float32) if alpha is None else alpha


def _truth(items: Sequence[Described], head: Head, *, data: Path, network: str) -> Callable[[Described], str | None]:
    """What is known of a photo, as a label of the head."""
    if head.name != CATEGORY:
        return lambda item: item.attributes.get(head.name)
    labels = category_labels([item for item in items if item.category], head, data=data, network=network)
    return lambda item: labels.get(item.category or "")
