"""The photos of a study: which ones, what is laid over each, and what a person drew in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packshot.datasets import Described
from packshot.evaluation.photos import choose_photos, photo_name
from packshot.explaining.photo_hash import photo_hash
from packshot.explaining.study.drawn_regions import drawn_regions
from packshot.explaining.study.figures import refuse_few_products
from packshot.explaining.study.plan import StudyPlan
from packshot.values import CATEGORY, Box

__all__ = ["StudyPhoto", "study_photos"]


@dataclass(frozen=True, slots=True)
class StudyPhoto:
    """A photo of a study.

    Attributes:
        name: its path below the data's folder.
        item: in the data.
        other: the photo that is laid over it or behind it.
        regions: what a person drew in it, by the name in the study, in pixels of the upright photo.
    """

    name: str
    item: Described
    other: Described
    regions: Mapping[str, Box] = field(default_factory=dict, hash=False)

    @property
    def product(self) -> str:
        """That it shows: its own name where nobody said."""
        return self.item.product or self.name

    def hashes(self) -> tuple[str, str]:
        """SHA-256 of the photo's file and of the other's; empty of one that cannot be read."""
        return photo_hash(self.item.photo), photo_hash(self.other.photo)


def study_photos(plan: StudyPlan, items: Sequence[Described], *, data: Path, split: str) -> list[StudyPhoto]:
    """The photos of a study; the other photo of each is half a split away, of another category where there is one.

    It does not depend on how many photos are asked about, so that answers hold when more are added.

    Args:
        plan: the study.
        items: described photos of all splits.
        data: where they are from.
        split: of the photos to take, or ``all``.

    Raises:
        UsageError: nothing is known of any photo that the study asks for, the split has none, they show too few
            products for an interval, or a table of drawn regions is wrong.
    """
    known = [item for item in items if (item.category if plan.head == CATEGORY else plan.head in item.attributes)]
    chosen = choose_photos(known, data=data, split=split, limit=plan.photos)
    every = choose_photos(known, data=data, split=split, limit=None)
    place = {id(item): at for at, item in enumerate(every)}
    drawn = {part.name: drawn_regions(part.regions, items) for part in plan.hidden if part.regions is not None}
    found = []
    for item in chosen:
        first = place[id(item)] + len(every) // 2
        others = (every[(first + step) % len(every)] for step in range(len(every)))
        other = next((each for each in others if each.category != item.category), every[first % len(every)])
        path = item.photo.resolve()
        regions = {name: boxes[path] for name, boxes in drawn.items() if path in boxes}
        found.append(StudyPhoto(photo_name(item.photo, data), item, other, regions))
    refuse_few_products({photo.product for photo in found})
    return found
