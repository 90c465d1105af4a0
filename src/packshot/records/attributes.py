"""What a catalogue takes over of a record's attributes."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.records.parts import AttributeRecord, TagRecord

__all__ = ["sure_attributes"]


def sure_attributes(attributes: Mapping[str, AttributeRecord | tuple[TagRecord, ...]]) -> dict[str, str]:
    """What is sure, as the catalogue keeps it; a tag by its own name.

    Example:
        >>> kids, belt = AttributeRecord(value="yes", score=0.9), TagRecord(value="belt", score=1)
        >>> sure_attributes({"kids": kids, "tags": (belt,)})
        {'kids': 'yes', 'tags.belt': 'yes'}
    """
    found: dict[str, str] = {}
    for name, said in attributes.items():
        if isinstance(said, AttributeRecord):
            found |= {name: said.value} if said.sure else {}
        else:
            found |= {f"{name}.{tag.value}": "yes" for tag in said}
    return found
