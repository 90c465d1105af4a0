"""What a network said of a photo, as the manifest holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packshot.records.parts import (
    AttributeRecord,
    CategoryRecord,
    ChoiceRecord,
    PathRecord,
    ProductRecord,
    TagRecord,
    ThingRecord,
)
from packshot.values import Answer, Attribute, Choice, Product, Thing

__all__ = ["attributes_record", "category_record", "products_record", "scene_record"]


def category_record(answer: Answer) -> CategoryRecord:
    """The category."""
    return CategoryRecord(
        path=_path_record(answer.path),
        score=answer.score,
        sure=answer.sure,
        uncertainty=answer.uncertainty,
        top=tuple(map(_choice_record, answer.top)),
        seen=None if answer.seen is None else _choice_record(answer.seen),
    )


def _path_record(path: Iterable[Choice]) -> tuple[PathRecord, ...]:
    return tuple(PathRecord(id=choice.label, name=choice.name, score=choice.score) for choice in path)


def _choice_record(choice: Choice) -> ChoiceRecord:
    return ChoiceRecord(label=choice.label, score=choice.score, name=choice.name)


def attributes_record(attributes: Iterable[Attribute]) -> dict[str, AttributeRecord | tuple[TagRecord, ...]]:
    """Each attribute's value by its name; tags as a list."""
    found: dict[str, AttributeRecord | tuple[TagRecord, ...]] = {}
    tags: dict[str, list[TagRecord]] = {}
    for each in attributes:
        if each.tag:
            tags.setdefault(each.name, []).append(TagRecord(value=each.value, score=each.score))
            found[each.name] = ()  # keeps its place in the order
        else:
            found[each.name] = AttributeRecord(value=each.value, score=each.score, sure=each.sure)
    return found | {name: tuple(values) for name, values in tags.items()}


def products_record(
    products: Iterable[Product], *, offset: tuple[int, int], heatmaps: Mapping[str, str]
) -> tuple[ProductRecord, ...]:
    """Everything that was seen.

    Args:
        products: with boxes in pixels of the photo without its frame.
        offset: (x, y) of that picture in the photo as it came.
        heatmaps: label to its picture, below the output folder.
    """
    return tuple(
        ProductRecord(
            label=product.label,
            score=product.score,
            box=product.box.moved(right=offset[0], down=offset[1]).as_tuple(),
            name=product.name,
            heatmap=heatmaps.get(product.label),
        )
        for product in products
    )


def scene_record(things: Iterable[Thing], *, offset: tuple[int, int]) -> tuple[ThingRecord, ...]:
    """The products of a scene.

    Args:
        things: with boxes in pixels of the photo without its frame.
        offset: (x, y) of that picture in the photo as it came.
    """
    return tuple(
        ThingRecord(
            path=_path_record(thing.path),
            score=thing.score,
            box=thing.box.moved(right=offset[0], down=offset[1]).as_tuple(),
        )
        for thing in things
    )
