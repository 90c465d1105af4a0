"""What a photo proposes for its row of a listing: the way in the shop's tree, attributes, title and alt text."""

from __future__ import annotations

from packshot.batch.record import record_of
from packshot.records import AttributeRecord, TagRecord
from packshot.result import Result
from packshot.wording import Wording

__all__ = ["listing_row"]


def listing_row(result: Result, wording: Wording) -> dict[str, object]:
    """The proposal; nothing of it is confirmed.

    Args:
        result: with findings and a description.
        wording: writes titles and alt texts.

    Returns:
        ``path`` (id, name and score of each node from the root), ``sure``, ``alternatives`` (label, score and whole
        name, likeliest first), ``attributes`` (name to value and score), ``colours``, ``texts`` (language to ``title``
        and ``alt``), and those of the first language.
    """
    record = wording(record_of("the photo", result, files={}))
    category, texts = record.category, record.texts.get(wording.languages[0].code)
    return {
        "path": [] if category is None else [node.model_dump(mode="json") for node in category.path],
        "sure": category is not None and category.sure,
        "familiar": record.familiar is not False,
        "alternatives": [] if category is None else [each.model_dump(mode="json") for each in category.top],
        "attributes": {name: _value(said) for name, said in record.attributes.items()},
        "colours": [] if record.findings is None else [colour.name for colour in record.findings.colours],
        "texts": {code: {"title": each.title or "", "alt": each.alt or ""} for code, each in record.texts.items()},
        "title": "" if texts is None else texts.title or "",
        "alt": "" if texts is None else texts.alt or "",
    }


def _value(said: AttributeRecord | tuple[TagRecord, ...]) -> dict[str, object]:
    if isinstance(said, AttributeRecord):
        return {"value": said.value, "score": said.score, "sure": said.sure}
    return {
        "value": ", ".join(tag.value for tag in said),
        "score": min((tag.score or 0.0 for tag in said), default=None),
        "sure": True,
    }
