"""What a person is told of a network before using it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.runtime import ModelCard

__all__ = ["card_lines"]


def card_lines(name: str, card: ModelCard, *, size: int) -> Iterator[str]:
    """Name, task, size and rights: what the authors say of their licence, and what the data's terms say.

    Args:
        name: to ask for it.
        card: of the network.
        size: of its file in bytes.
    """
    width, height = card.input.size
    use = "commercial use allowed" if card.commercial_use else "NON-COMMERCIAL"
    yield f"{name}  {card.task}  {width}x{height}  {size / 1e6:.1f} MB"
    yield f"  licence  {card.licence}, {use}"
    if card.licence_note:
        yield f"           {card.licence_note}"
    for data in card.provenance:
        forbids = ", FORBIDS COMMERCIAL USE" if data.commercial_use is False else ""
        yield f"  from     {data.name} ({data.licence}{forbids})"
        if data.note:
            yield f"           {data.note}"
