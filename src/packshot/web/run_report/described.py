"""What the report says of a photo's content: its category in words, what else is true of it, and what is where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from packshot.description.taxonomy import NOT_KNOWN
from packshot.records import AttributeRecord, CategoryRecord, ProductRecord, Record, TagRecord, ThingRecord
from packshot.storage.encodable import printable
from packshot.web.run_report.words import percent

__all__ = ["CategoryChoice", "Described", "Place", "Way", "category_choices", "category_keys", "described_of"]

_BETWEEN = " > "
_COLOURS = 6  # of boxes, in report.css

Way = tuple[str, ...]
"""Ids of a category's ancestors from the top down, its own last."""


@dataclass(frozen=True, slots=True)
class Place:
    """One label that was seen, with all its boxes.

    Attributes:
        name: to show.
        score: in words.
        boxes: ``(x, y, width, height)`` in pixels of the photo.
        colour: number of the boxes' colour.
        heatmap: relative address of the picture, empty if there is none.
    """

    name: str
    score: str
    boxes: tuple[tuple[int, int, int, int], ...]
    colour: int
    heatmap: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the report says of one photo's content.

    Attributes:
        category: the way to the category, ``Apparel > Tops``; empty if nothing was recognised.
        confidence: how sure that is, in words; empty if nobody asked for a category.
        guess: what it may be where that is not sure, in words; empty where it is.
        sure: whether the category goes all the way down.
        way: ids of that way.
        chips: attributes and tags, each with words on how sure it is, and whether it is.
        places: what was seen where.
        scene: several products, each told on its own crop, and where; None where nobody looked.
        size: (width, height) of the photo in pixels.
        texts: of each language its code, the title, the alt text and the caption.
    """

    category: str = ""
    confidence: str = ""
    guess: str = ""
    sure: bool = False
    way: Way = ()
    chips: tuple[tuple[str, str, bool], ...] = ()
    places: tuple[Place, ...] = ()
    scene: tuple[Place, ...] | None = None
    size: tuple[int, int] = (1, 1)
    texts: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def search(self) -> str:
        """What the search box looks through."""
        said = (part for text in self.texts for part in text[1:])
        seen = (place.name for place in (*self.places, *(self.scene or ())))
        return " ".join((self.category, *(text for text, _, _ in self.chips), *seen, *said))


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """One entry of the page's filter by category.

    Attributes:
        key: in the cards' data.
        name: of the category.
        depth: below the top of the tree.
        photos: how many have it, or one below it.
    """

    key: str
    name: str
    depth: int
    photos: int


def described_of(record: Record) -> Described:
    """Read what a line of the manifest says of the photo's content."""
    category, confidence, guess = _category_words(record.category, record.familiar)
    places = _places(record.products)
    return Described(
        category=category,
        confidence=confidence,
        guess=guess,
        sure=record.category is not None and record.category.sure,
        way=_way(record),
        chips=tuple(_chips(record.attributes, {product.label for product in record.products})),
        places=places,
        scene=None if record.scene is None else _scene(record.scene, first=len(places)),
        size=record.size or (1, 1),
        texts=tuple(
            (printable(code), printable(text.title or ""), printable(text.alt or ""), printable(text.caption or ""))
            for code, text in record.texts.items()
        ),
    )


def category_choices(records: Iterable[Record]) -> tuple[list[CategoryChoice], dict[Way, str]]:
    """What the page offers to filter by: every category there is with those above it, in the order of the tree.

    Returns:
        The choices, and the key of each way down the tree. The last two, ``unsure`` and ``unknown``, stand for
        categories that are not sure down to the last, and for none at all.
    """
    counts: Counter[Way] = Counter()
    names: dict[Way, tuple[str, ...]] = {}
    others: Counter[str] = Counter()
    for record in records:
        way = _way(record)
        shown = tuple(printable(node.name) for node in (record.category.path if record.category else ()))
        for depth in range(1, len(way) + 1):
            counts[way[:depth]] += 1
            names[way[:depth]] = shown[:depth]
        if record.category is not None and not record.category.sure:
            others["unsure" if way else "unknown"] += 1
    ways = sorted(counts, key=lambda way: (names[way], way))
    choices = [
        CategoryChoice(str(number), names[way][-1], len(way) - 1, counts[way]) for number, way in enumerate(ways)
    ]
    for key, name in (("unsure", "Not sure which"), ("unknown", "Not recognised")):
        if others[key]:
            choices.append(CategoryChoice(key, name, 0, others[key]))
    return choices, {way: str(number) for number, way in enumerate(ways)}


def category_keys(record: Record, keys: Mapping[Way, str]) -> tuple[str, ...]:
    """Keys of the choices a photo belongs to."""
    way = _way(record)
    found = [keys[way[:depth]] for depth in range(1, len(way) + 1)]
    if record.category is not None and not record.category.sure:
        found.append("unsure" if way else "unknown")
    return tuple(found)


def _way(record: Record) -> Way:
    return tuple(node.id for node in (record.category.path if record.category else ()))


def _category_words(category: CategoryRecord | None, familiar: bool | None) -> tuple[str, str, str]:
    """The way, how sure it is, and what else it may be."""
    if category is None:
        return "", "", ""
    way = printable(_BETWEEN.join(node.name for node in category.path))
    if category.sure:
        return way, f"{percent(category.score or 0.0)} sure", ""
    if familiar is False:
        return "", "Not a kind of product packshot knows", ""
    best = next(iter(category.top), None)
    # What is likeliest is a category, or that it is none of them.
    is_one = best is not None and (best.score or 0.0) >= 1 - (category.uncertainty or 0.0) - 1e-5
    seen = category.seen
    if seen is not None and not category.path and (seen.score or 0.0) > ((best.score or 0.0) if best else 0.0):
        return "", "Not in your tree", f"perhaps {printable(seen.name)}, {percent(seen.score or 0.0)}"
    if not category.path and not is_one:
        return "", "None of the categories packshot knows", ""
    above = f"{way}{_BETWEEN}" if way else ""
    guess = printable(best.name) if best else ""
    guess = (
        f"perhaps {guess.removeprefix(above)}, {percent(best.score or 0.0)}" if best and guess.startswith(above) else ""
    )
    return way, "not sure which" if way else "Category not recognised", guess


def _chips(
    attributes: Mapping[str, AttributeRecord | tuple[TagRecord, ...]], seen: set[str]
) -> Iterable[tuple[str, str, bool]]:
    """Attributes, then tags that are not among the products already."""
    for name, said in attributes.items():
        if isinstance(said, AttributeRecord):
            if said.value == NOT_KNOWN:
                yield f"{printable(name)}: {NOT_KNOWN}", "your tree does not say, and no photo tells", False
                continue
            question = "" if said.sure else "?"
            note = percent(said.score or 0.0) + ("" if said.sure else ", not sure")
            yield f"{printable(name)}: {printable(said.value)}{question}", note, said.sure
    for said in attributes.values():
        for tag in () if isinstance(said, AttributeRecord) else said:
            if tag.value not in seen:
                yield printable(tag.value), percent(tag.score or 0.0), True


def _places(products: Iterable[ProductRecord]) -> tuple[Place, ...]:
    """One place a label, the category first, as the manifest has them."""
    labels: dict[str, list[ProductRecord]] = {}
    for product in products:
        labels.setdefault(product.label, []).append(product)
    return tuple(
        Place(
            name=printable(found[0].name),
            score=percent(found[0].score or 0.0),
            boxes=_sized(each.box for each in found),
            colour=number % _COLOURS,
            heatmap=quote(found[0].heatmap) if found[0].heatmap else "",
        )
        for number, found in enumerate(labels.values())
    )


def _scene(things: Iterable[ThingRecord], *, first: int) -> tuple[Place, ...]:
    """One place a category, in the order of the manifest; `first` is the number of its colour."""
    ways: dict[Way, list[ThingRecord]] = {}
    for thing in things:
        ways.setdefault(tuple(node.id for node in thing.path), []).append(thing)
    return tuple(
        Place(
            name=printable(found[0].path[-1].name) if found[0].path else "",
            score=", ".join(percent(each.score or 0.0) for each in found),
            boxes=_sized(each.box for each in found),
            colour=(first + number) % _COLOURS,
            heatmap="",
        )
        for number, found in enumerate(ways.values())
    )


def _sized(boxes: Iterable[tuple[int, int, int, int]]) -> tuple[tuple[int, int, int, int], ...]:
    """Corners as left, top, width and height."""
    return tuple((x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes)
