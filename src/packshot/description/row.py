"""A description as JSON has it, and in words."""

from __future__ import annotations

from packshot.values import CATEGORY, Description

__all__ = ["KEYS", "description_row", "description_words", "no_heatmap_words"]

#: Of `description_row`.
KEYS = (
    "head",
    "path",
    "names",
    "score",
    "sure",
    "uncertainty",
    "top",
    "seen",
    "products",
    "attributes",
    "known",
    "familiar",
    "model",
)


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


def description_words(description: Description, head: str) -> str:
    """The answer of one head, for a person."""
    said = description.answer(head)
    if not description.familiar:
        return f"not a kind of product I know (chance that it is one: {description.known or 0.0:.2f})"
    if said is not None and said.seen is not None and not said.path and not said.top:
        return f"nothing of your tree (perhaps {said.seen.name}, {said.seen.score:.2f})"
    guess = next((each for each in description.attributes if each.name == head and not each.sure), None)
    if guess is not None:
        return f"not sure enough (perhaps {guess.value}, {guess.score:.2f})"
    if said is not None and head != CATEGORY and not said.path and said.uncertainty >= 1:
        category = None if description.category is None else description.category.best
        return f"not asked of {'a category that is not known' if category is None else category.name}"
    if said is None or not said.path:
        return f"nothing recognised (uncertainty {1.0 if said is None else said.uncertainty:.2f})"
    further = "" if said.sure else ", not sure enough to say more"
    return f"{' > '.join(choice.name for choice in said.path)} ({said.score:.2f}){further}"


def no_heatmap_words(description: Description, head: str | None) -> str:
    """Why there is no heatmap of a head; with None, of any."""
    if not description.heatmaps and not description.familiar:
        return "nothing in it is known"
    if not description.heatmaps:
        return f"{description.model} gave none"
    return f"none of {head}, only of {', '.join(sorted({heatmap.head for heatmap in description.heatmaps}))}"
