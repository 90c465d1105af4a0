"""Title and alt text of one product, and what stands behind each word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packshot.description.taxonomy import Taxonomy
from packshot.records import AttributeRecord, EvidenceRecord, Record, TextRecord
from packshot.wording.language import Language, TextForm
from packshot.wording.template import fields_of, fill

__all__ = ["Wording", "text_of"]


@dataclass(frozen=True, slots=True)
class Wording:
    """Says what records show.

    Args:
        languages: one or more; the first is the shop's own, in which the names of its tree are.
        tree: whose categories the records name.
    """

    languages: Sequence[Language]
    tree: Taxonomy

    def __call__(self, record: Record) -> Record:
        """The record with its texts; without any where it failed."""
        texts = {}
        for place, language in enumerate(self.languages):
            text = text_of(record, language, self.tree, own_names=place == 0)
            if text is not None:
                texts[language.code] = text
        return record.model_copy(update={"texts": texts})


def text_of(record: Record, language: Language, tree: Taxonomy, *, own_names: bool = True) -> TextRecord | None:
    """Title and alt text; None where the record has no evidence for either.

    Args:
        record: a line of the manifest.
        language: whose words.
        tree: of the record's category.
        own_names: whether a category without a name in that language is called as in the tree; else the one above it
            is, which has one.
    """
    if record.error is not None:
        return None
    evidence = {each.field: each for each in _evidence(record, language, tree, own_names=own_names)}
    title, used_title = _put_together(language.title, language, evidence)
    alt, used_alt = _put_together(language.alt, language, evidence)
    if title is None and alt is None:
        return None
    used = [each for name, each in evidence.items() if name in {*used_title, *used_alt}]
    return TextRecord(title=title, alt=alt, evidence=tuple(used))


def _put_together(
    form: TextForm, language: Language, evidence: Mapping[str, EvidenceRecord]
) -> tuple[str | None, set[str]]:
    if any(need not in evidence for need in form.needs):
        return None, set()
    values = {name: each.words for name, each in evidence.items()}
    said: list[tuple[str, tuple[str, ...]]] = []
    for piece in form.pieces:
        text = fill(piece, values)
        if text is not None and text.strip():
            said.append((" ".join(text.split()), fields_of(piece, known=language.fields, where=language.code)))
    while said:
        whole = form.between.join(text for text, _ in said)
        if len(whole) <= form.most:
            return whole[:1].upper() + whole[1:], {name for _, names in said for name in names}
        said.pop()
    return None, set()


def _evidence(record: Record, language: Language, tree: Taxonomy, *, own_names: bool) -> Iterator[EvidenceRecord]:
    for node in reversed(record.category.path if record.category is not None else ()):
        word = tree[node.id].names.get(language.code) if node.id in tree else None
        word = word or (node.name if own_names else None)
        if word:
            yield EvidenceRecord(field="category", words=word, says=(node.id,), score=node.score)
            break
    colours = record.findings.colours if record.findings is not None else ()
    words = [language.colours.get(colour.name) for colour in colours]
    known = [word for word in words if word]
    if colours and len(known) == len(words):
        share = sum(colour.share or 0.0 for colour in colours)
        says = tuple(colour.name for colour in colours)
        yield EvidenceRecord(field="colours", words=_listed(known, language.and_), says=says, score=share)
    for name, said in record.attributes.items():
        if isinstance(said, AttributeRecord) and said.sure and (word := language.values.get(name, {}).get(said.value)):
            yield EvidenceRecord(field=name, words=word, says=(said.value,), score=said.score)


def _listed(words: Sequence[str], last: str) -> str:
    """``red``, ``red and white``, ``red, white and blue``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{last}{words[-1]}"
