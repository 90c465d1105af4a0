"""Which pictures belong together, and what makes them alike: size, base line and light; and which do not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from packshot.composition import Layout, Placement
from packshot.records import Record
from packshot.subject import Subject

__all__ = ["Alike", "Grouping", "Member", "group_of", "make_alike", "member_of"]

_SMALLEST = 0.75  # of the group's usual size, below which a picture would make all others small
_MOST_SHRUNK = 0.6  # a picture is not made smaller than this share of its own size
_GAIN = (0.9, 1 / 0.9)  # of light that is brought into line
_OTHER_LIGHT = (0.75, 1 / 0.75)  # from here on it is another light, or another colour, and left alone
_NO_MATTER = 0.03  # of light


class Grouping(StrEnum):
    """What pictures are made alike."""

    #: Photos of one product.
    SKU = "sku"
    #: Photos of one category, where that is sure.
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a group, as it would stand alone.

    Attributes:
        stem: of its photo.
        size: square root of the share of the canvas that the product covers.
        height: of the product's box, as a share of the canvas' height.
        cut_off: whether the photo cuts the product off.
        exposure: mean luma of the product, 0..1; None where it was not measured.
        colour: name of its largest colour; None where it has none.
    """

    stem: str
    size: float
    height: float
    cut_off: bool = False
    exposure: float | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """What becomes of a group.

    Attributes:
        placements: stem to where its picture stands; those that do not fit are missing.
        outliers: stem to why it does not fit, in words.
    """

    placements: dict[str, Placement] = field(default_factory=dict)
    outliers: dict[str, str] = field(default_factory=dict)


def group_of(record: Record, by: Grouping) -> str | None:
    """The name of a photo's group; None where it has none."""
    if by is Grouping.SKU:
        return record.sku
    category = record.category
    return category.path[-1].id if category is not None and category.sure and category.path else None


def member_of(stem: str, record: Record, subject: Subject, layout: Layout) -> Member:
    """A picture as it would stand alone.

    Args:
        stem: of its photo.
        record: of the photo.
        subject: the product in the cut-out.
        layout: of the picture.
    """
    findings = record.findings
    colours = findings.colours if findings is not None else ()
    return Member(
        stem=stem,
        size=(subject.area * layout.scale**2 / (layout.width * layout.height)) ** 0.5,
        height=layout.box.height / layout.height,
        cut_off=bool(subject.touches),
        exposure=None if findings is None else findings.exposure,
        colour=colours[0].name if colours else None,
    )


def make_alike(members: Sequence[Member], *, anchor: float, light: bool) -> Alike:
    """Bring the pictures of a group into line.

    All are made as large, by the area they cover, as the one that can be made least large; whoever would make the
    others small, would have to be shrunk below 0.6 of its size, or is cut off, is an outlier and stays as it is. All
    stand on the base line of the tallest. Light: where several have the same largest colour, brightness is brought to
    their median, by at most a tenth; a greater difference is named and left alone.

    Args:
        members: two or more; of fewer nothing is made alike.
        anchor: where the composition places products, 0 (top) .. 1 (bottom); only for those in the middle a base line
            has to be chosen.
        light: whether brightness may be changed: of one product, not of different ones.
    """
    outliers = {each.stem: "the photo cuts the product off" for each in members if each.cut_off}
    fit = [each for each in members if not each.cut_off]
    if len(fit) < 2:
        return Alike(outliers=outliers if len(members) > 1 else {})
    usual = median(each.size for each in fit)
    for each in fit:
        if each.size < _SMALLEST * usual:
            outliers[each.stem] = f"it can be made only {each.size / usual:.2f} times as large as the others"
    fit = [each for each in fit if each.stem not in outliers]
    least = min(each.size for each in fit)
    for each in fit:
        if least < _MOST_SHRUNK * each.size:
            outliers[each.stem] = f"it would have to be shrunk to {least / each.size:.2f} of its size"
    fit = [each for each in fit if each.stem not in outliers]
    if len(fit) < 2:
        return Alike(outliers=outliers)
    factors = {each.stem: round(min(1.0, least / each.size), 4) for each in fit}
    tallest = max(each.height * factors[each.stem] for each in fit)
    base = round(0.5 + tallest / 2, 4) if anchor == 0.5 else None
    gains = _gains(fit, outliers) if light else {}
    return Alike({each.stem: Placement(factors[each.stem], base, gains.get(each.stem, 1.0)) for each in fit}, outliers)


def _gains(members: Sequence[Member], outliers: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    parts: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for each in members:
        if each.colour is not None and each.exposure is not None and each.exposure > 0.02:
            parts[each.colour].append((each.stem, each.exposure))
    for same in parts.values():
        target = median(exposure for _, exposure in same)
        for stem, exposure in same:
            gain = target / exposure
            if not _OTHER_LIGHT[0] <= gain <= _OTHER_LIGHT[1]:
                outliers[stem] = f"its light is {exposure / target:.2f} times as bright as that of the others"
            elif abs(gain - 1) > _NO_MATTER:
                found[stem] = round(min(max(gain, _GAIN[0]), _GAIN[1]), 4)
    return found
