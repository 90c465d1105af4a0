"""What else is in a photo, and where: tags with their boxes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packshot.records import EvidenceRecord, ProductRecord, Record
from packshot.wording.language import Language

__all__ = ["ZONES", "things_in", "zone_of"]

#: Parts of a photo, by thirds of its width and height.
ZONES = (
    ("top-left", "top", "top-right"),
    ("left", "middle", "right"),
    ("bottom-left", "bottom", "bottom-right"),
)


@dataclass(frozen=True, slots=True)
class _Thing:
    label: str
    zone: str | None
    score: float


def zone_of(boxes: Sequence[tuple[int, int, int, int]], size: tuple[int, int]) -> str | None:
    """The part of a photo in which all boxes lie: the middle of each, and half of it; None where there is none.

    Half of it, because the middle of a box that spans the photo says nothing of where the thing is.

    Args:
        boxes: (x0, y0, x1, y1) in pixels of the photo.
        size: (width, height) of the photo.

    Example:
        >>> zone_of([(0, 200, 60, 300)], (300, 300)), zone_of([(0, 0, 9, 9), (290, 0, 300, 9)], (300, 300))
        ('bottom-left', None)
        >>> zone_of([(90, 10, 210, 290)], (300, 300)) is None
        True
    """
    places = {tuple(min(2, int(3 * (box[at] + box[at + 2]) / 2 / size[at])) for at in (0, 1)) for box in boxes}
    if len(places) != 1:
        return None
    column, row = places.pop()
    inside = all(_share(box, (column, row), size) >= 0.5 for box in boxes)
    return ZONES[row][column] if inside else None


def _share(box: tuple[int, int, int, int], place: tuple[int, int], size: tuple[int, int]) -> float:
    """Of a box, what lies in a part of the photo: 0..1."""
    share = 1.0
    for at in (0, 1):
        start, end = place[at] * size[at] / 3, (place[at] + 1) * size[at] / 3
        share *= max(0.0, min(box[at + 2], end) - max(box[at], start)) / (box[at + 2] - box[at])
    return share


def things_in(record: Record, language: Language) -> tuple[list[str], EvidenceRecord] | None:
    """What is in a photo beside the product that it is called after, and the evidence; None where nothing is.

    A thing needs a tag that was answered, a box, and a word in the language; its place is named where all its boxes lie
    in one part of the photo (`zone_of`) and the language has words for that.

    Args:
        record: a line of the manifest.
        language: whose words.

    Returns:
        The words of each thing, in the order of the manifest, and the evidence without them.
    """
    if record.size is None:
        return None
    words, says, scores = [], [], []
    for thing in _things(record, record.size):
        word = language.things.get(thing.label)
        if word is None:
            continue
        place = language.places.get(thing.zone or "")
        words.append(f"{word} {place}" if place else word)
        says.append(f"{thing.label} {thing.zone}" if place else thing.label)
        scores.append(thing.score)
    if not words:
        return None
    return words, EvidenceRecord(field="things", words="", says=tuple(says), score=min(scores))


def _things(record: Record, size: tuple[int, int]) -> Iterator[_Thing]:
    several = (said for said in record.attributes.values() if isinstance(said, tuple))
    tags = {tag.value for said in several for tag in said}
    own = {node.id for node in record.category.path} if record.category is not None else set()
    boxes: dict[str, list[ProductRecord]] = {}
    for product in record.products:
        if product.label in tags - own:
            boxes.setdefault(product.label, []).append(product)
    for label, found in boxes.items():
        score = min(product.score or 0.0 for product in found)
        yield _Thing(label, zone_of([product.box for product in found], size), score)
