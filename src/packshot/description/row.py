"""A description as JSON has it."""

from __future__ import annotations

from packshot.values import Description

__all__ = ["description_row"]


def description_row(description: Description, head: str) -> dict[str, object]:
    """The answer of one head, with products and attributes, as `packshot classify --json` prints it."""
    said = description.answer(head)
    assert said is not None  # noqa: S101 - the head was looked up before
    return {
        "head": head,
        "path": [choice.label for choice in said.path],
        "names": [choice.name for choice in said.path],
        "score": round(said.score, 6),
        "sure": said.sure,
        "uncertainty": round(said.uncertainty, 6),
        "top": [{"label": each.label, "score": round(each.score, 6), "name": each.name} for each in said.top],
        "seen": None
        if said.seen is None
        else {"label": said.seen.label, "score": round(said.seen.score, 6), "name": said.seen.name},
        "products": [
            {"label": each.label, "score": round(each.score, 6), "box": each.box.as_tuple(), "name": each.name}
            for each in description.products
        ],
        "attributes": [
            {"name": each.name, "value": each.value, "score": round(each.score, 6), "sure": each.sure}
            for each in description.attributes
        ],
        "known": None if description.known is None else round(description.known, 6),
        "familiar": description.familiar,
        "model": description.model,
    }
