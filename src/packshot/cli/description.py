"""A description of a photo as ``packshot classify`` prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packshot.values import Description

__all__ = ["description_line", "description_row"]


def description_row(description: Description, head: str) -> dict[str, Any]:
    """The answer of one head, with products and attributes, as ``--json`` has it."""
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


def description_line(name: str, row: dict[str, Any]) -> str:
    """The same in one line for a person."""
    if not row["familiar"]:
        return f"{name}\tnot a kind of product I know ({row['known']:.2f})"
    if not row["path"] and row["seen"] and not row["top"]:
        return f"{name}\tnothing of your tree (perhaps {row['seen']['name']}, {row['seen']['score']:.2f})"
    if not row["path"]:
        return f"{name}\tnothing recognised (uncertainty {row['uncertainty']:.2f})"
    further = "" if row["sure"] else ", not sure enough to say more"
    return f"{name}\t{' > '.join(row['names'])} ({row['score']:.2f}){further}"
