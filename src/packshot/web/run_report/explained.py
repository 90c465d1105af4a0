"""What the report shows when somebody presses Why: pictures and evidence, where `packshot explain OUT` wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from packshot.records import Record, WhyRecord, read_why
from packshot.storage.encodable import printable
from packshot.web.run_report.words import percent

__all__ = ["Explained", "explained_of"]


@dataclass(frozen=True, slots=True)
class Explained:
    """Why one photo was answered as it was.

    Attributes:
        said: what spoke for the answer, in words; empty if nothing describes.
        said_picture: relative address of the photo under its heatmap, empty if there is none.
        warning: what has to be known of that map, empty if nothing.
        review: what the other picture shows, in words; empty if there is none.
        review_picture: relative address of the photo with the places marked, empty if there is none.
        reasons: what speaks against the mask, in words, and whether its place is marked.
    """

    said: str = ""
    said_picture: str = ""
    warning: str = ""
    review: str = ""
    review_picture: str = ""
    reasons: tuple[tuple[str, bool], ...] = ()


def explained_of(record: Record, out: Path) -> Explained | None:
    """What is there of a photo; None where nobody asked, or its result changed since."""
    found = read_why(out, record)
    if found is None:
        return None
    said = found.said
    pictures = {kind: quote(path) for kind, path in found.pictures.items()}
    return Explained(
        said="" if said is None else f"What spoke for \u201c{printable(said.name)}\u201d, {percent(said.score)}",
        said_picture=pictures.get("said", ""),
        warning="" if said is None else printable(said.warning),
        review=_review_words(found),
        review_picture=pictures.get("review", ""),
        reasons=tuple((printable(reason.words), bool(reason.boxes)) for reason in found.reasons),
    )


def _review_words(found: WhyRecord) -> str:
    if found.nearest is not None:
        return f"Where it came nearest to seeing a product: {percent(found.nearest)}, and {percent(0.5)} is asked for"
    if "review" not in found.pictures:
        return ""
    return "What speaks against the cut-out; warm is where the network expects to be wrong"
