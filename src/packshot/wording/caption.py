"""One sentence on a photo: of what is known of it, or of a captioning network and then checked against that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packshot.records import EvidenceRecord, Record
from packshot.wording.checking import unsupported_words
from packshot.wording.language import Language
from packshot.wording.texts import Names, text_of

__all__ = ["CAPTION_KEYS", "Caption", "caption_of"]

#: Of `Caption.row`.
CAPTION_KEYS = ("caption", "language", "by", "unsupported", "evidence")


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence, and what stands behind it.

    Attributes:
        sentence: None where nothing can be said.
        language: its code.
        by: ``evidence``, or name and hash of the network that wrote it.
        unsupported: words of a network that nothing stands behind.
        evidence: what is known of the photo.
    """

    sentence: str | None
    language: str
    by: str
    unsupported: tuple[str, ...]
    evidence: tuple[EvidenceRecord, ...]

    def row(self) -> Mapping[str, object]:
        """As JSON has it."""
        evidence = [each.model_dump(mode="json") for each in self.evidence]
        values = (self.sentence, self.language, self.by, list(self.unsupported), evidence)
        return dict(zip(CAPTION_KEYS, values, strict=True))

    @property
    def words(self) -> str:
        """For a person."""
        note = f"\tnothing stands behind: {', '.join(self.unsupported)}" if self.unsupported else ""
        return f"{self.sentence or 'nothing can be said'}{note}"


def caption_of(
    record: Record, language: Language, names: Names, *, written: str | None = None, by: str | None = None
) -> Caption:
    """A caption of a photo.

    Args:
        record: of the photo.
        language: of the sentence.
        names: of categories, see `category_names`.
        written: a network's sentence, which is checked; by default one is made of the evidence.
        by: name and hash of that network; None without one.
    """
    text = text_of(record, language, names)
    evidence = () if text is None else tuple(text.evidence)
    if by is None:
        return Caption(None if text is None else text.caption, language.code, "evidence", (), evidence)
    doubtful = unsupported_words(written, record, language, names) if written else ()
    return Caption(written, language.code, by, doubtful, evidence)
