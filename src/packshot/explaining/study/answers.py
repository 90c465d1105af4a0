"""What was answered of one photo and of everything made of it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from packshot.explaining.interventions import Intervention, Subject
from packshot.explanation import Heat
from packshot.heads import Head, HeadKind
from packshot.values import Rgb

__all__ = ["Changed", "PhotoAnswers", "Probabilities", "answer_photo", "control_name", "photo_seed"]

#: Calibrated probabilities of a head's labels for a picture: float32 (labels,).
Probabilities = Callable[[Rgb], Heat]

_LEAST = 1e-6  # probability: a logit of it is finite


class Changed(BaseModel):
    """The answer about one changed picture.

    Attributes:
        label: answered.
        right: whether that is true; None where nobody knows.
        logit: of the label that the unchanged photo got: the log of its odds.
    """

    model_config = ConfigDict(frozen=True)

    label: str
    right: bool | None = None
    logit: float


class PhotoAnswers(BaseModel):
    """All answers about one photo.

    Attributes:
        photo: its path below the data's folder.
        pictures: SHA-256 of its file and of the other photo's, so that the answers of another set are known as such.
        product: that it shows; photos of one product are no new evidence.
        true: label; None where nobody knows.
        regions: drawn in it by a person, by name: (left, top, right, bottom) in pixels of the upright photo.
        plain: about the photo as it is.
        changed: by the name of the intervention, in photos that have something to change; and of its control
            (`control_name`) in those that have room for one.
    """

    model_config = ConfigDict(frozen=True)

    photo: str
    pictures: tuple[str, str]
    product: str
    true: str | None = None
    regions: Mapping[str, tuple[int, int, int, int]] = Field(default_factory=dict)
    plain: Changed
    changed: Mapping[str, Changed]


def answer_photo(
    subject: Subject,
    *,
    photo: str,
    pictures: tuple[str, str],
    product: str,
    true: str | None,
    regions: Mapping[str, tuple[int, int, int, int]],
    head: Head,
    probabilities: Probabilities,
    changes: Sequence[Intervention],
) -> PhotoAnswers:
    """Ask about a photo and everything made of it.

    Args:
        subject: the photo, and what is known of it.
        photo: its path below the data's folder.
        pictures: SHA-256 of the two photos' files.
        product: that it shows.
        true: label of `head`; None where nobody knows.
        regions: as `PhotoAnswers` has them.
        head: that is asked.
        probabilities: of its labels.
        changes: interventions.
    """
    place = _said(head, first := probabilities(subject.rgb))

    def told(values: Heat) -> Changed:
        said = _said(head, values)
        way = {head.labels[at] for at in head.way(said)}  # whoever says dress says apparel
        chance = float(np.clip(values[place], _LEAST, 1 - _LEAST))
        logit = np.log(chance / (1 - chance))
        return Changed(label=head.labels[said], right=None if true is None else true in way, logit=logit)

    changed = {}
    for change in changes:
        picture = change.change(subject)
        if picture is None:
            continue
        changed[change.name] = told(probabilities(picture))
        control = None if change.control is None else change.control(subject)
        if control is not None:
            changed[control_name(change.name)] = told(probabilities(control))
    return PhotoAnswers(
        photo=photo,
        pictures=pictures,
        product=product,
        true=true,
        regions=regions,
        plain=told(first),
        changed=changed,
    )


def control_name(change: str) -> str:
    """What the control of a change is called."""
    return f"{change} (control)"


def photo_seed(photo: str, seed: int) -> int:
    """What a photo draws by: its own name and the study's seed, so that it does not matter which photos came before."""
    return zlib.crc32(photo.encode("utf-8", "surrogateescape")) ^ seed


def _said(head: Head, values: Heat) -> int:
    """The likeliest label; of a tree, the likeliest that has no children."""
    if head.kind is not HeadKind.TREE:
        return int(values.argmax())
    return max(head.leaves, key=lambda at: float(values[at]))
