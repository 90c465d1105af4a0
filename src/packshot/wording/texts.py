"""Title, alt text and caption of one product, and what stands behind each word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packshot.description.taxonomy import MatchedBy, Taxonomy, load_taxonomy, map_taxonomy
from packshot.errors import UsageError
from packshot.records import AttributeRecord, EvidenceRecord, Record, TextRecord
from packshot.wording.language import Language, TextForm, load_languages
from packshot.wording.template import fields_of, fill
from packshot.wording.things import things_in

__all__ = ["Names", "Wording", "category_names", "text_of", "typed_wording"]

Names = Mapping[str, Mapping[str, str]]
"""Id of a category to the code of a language to its name there."""

_OURS = "network:"  # before the ids of the network's own categories, where the shop's tree is another


@dataclass(frozen=True, slots=True)
class Wording:
    """Says what records show.

    Args:
        languages: one or more; the first is the shop's own, in which the names of its tree are.
        tree: whose categories the records name.
    """

    languages: Sequence[Language]
    tree: Taxonomy
    _names: Names = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", category_names(self.tree))

    def __call__(self, record: Record) -> Record:
        """The record with its texts; without any where it failed."""
        texts = {}
        for place, language in enumerate(self.languages):
            text = text_of(record, language, self._names, own_names=place == 0)
            if text is not None:
                texts[language.code] = text
        return record.model_copy(update={"texts": texts})


def typed_wording(languages: str, texts: Path | None, tree: Callable[[], Taxonomy]) -> Wording | None:
    """What writes the texts, as a person asks for them; None where none are asked for.

    Args:
        languages: codes with commas between them, or ``none``.
        texts: the shop's own words.
        tree: gives the one whose categories the records name.

    Raises:
        UsageError: a language or a file is wrong.
    """
    codes = [code for code in (part.strip().lower() for part in languages.split(",")) if code]
    if not codes:
        raise UsageError("--language: expected a language such as en", remedy="or none, to write no texts")
    return None if codes == ["none"] else Wording(load_languages(codes, own=texts), tree())


def category_names(tree: Taxonomy) -> Names:
    """What categories are called in several languages: id to language to name.

    Of the shop's tree its own names; else those of the category of ours that is called the same. Those of ours are
    there too: where a photo's category was mapped, the network's own word may say more.
    """
    ours = load_taxonomy()
    names = {category.id: dict(category.names) for category in ours}
    if tree == ours:
        return names
    found = {category.id: dict(category.names) for category in tree}
    for match in map_taxonomy(ours, tree):
        if match.by in (MatchedBy.NAME, MatchedBy.SYNONYM) and match.node_id is not None and not match.candidates:
            found[match.node_id] = {**ours[match.category_id].names, **found[match.node_id]}
    return {_OURS + key: value for key, value in names.items()} | found


def text_of(record: Record, language: Language, names: Names, *, own_names: bool = True) -> TextRecord | None:
    """Title, alt text and caption; None where the record has no evidence for any.

    Args:
        record: a line of the manifest.
        language: whose words.
        names: of categories, see `category_names`.
        own_names: whether a category without a name in that language is called as in the tree; else the one above it
            is, which has one.
    """
    if record.error is not None:
        return None
    evidence = {each.field: each for each in _evidence(record, language, names, own_names=own_names)}
    title, used_title = _put_together(language.title, language, evidence)
    alt, used_alt = _put_together(language.alt, language, evidence)
    caption, used_caption = (
        (None, set[str]()) if language.caption is None else _put_together(language.caption, language, evidence)
    )
    if title is None and alt is None and caption is None:
        return None
    used = [each for name, each in evidence.items() if name in {*used_title, *used_alt, *used_caption}]
    return TextRecord(title=title, alt=alt, caption=caption, evidence=tuple(used))


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
            before = "" if not said else " " if text[0].isspace() else form.between
            words = before + " ".join(text.split())
            said.append((words, fields_of(piece, known=language.fields, where=language.code)))
    while said:
        whole = "".join(text for text, _ in said) + form.end
        if len(whole) <= form.most:
            return whole[:1].upper() + whole[1:], {name for _, names in said for name in names}
        said.pop()
    return None, set()


def _evidence(record: Record, language: Language, names: Names, *, own_names: bool) -> Iterator[EvidenceRecord]:
    for id_, name, score in _categories(record):
        word = names.get(id_, {}).get(language.code) or (name if own_names else None)
        if word:
            yield EvidenceRecord(field="category", words=word, says=(id_.removeprefix(_OURS),), score=score)
            break
    colours = record.findings.colours if record.findings is not None else ()
    words = [language.colours.get(colour.name) for colour in colours]
    known = [word for word in words if word]
    if colours and len(known) == len(words):
        share = sum(colour.share or 0.0 for colour in colours)
        says = tuple(colour.name for colour in colours)
        for name in ("colours", "colour" if len(known) == 1 else "several_colours"):
            yield EvidenceRecord(field=name, words=_listed(known, language.and_), says=says, score=share)
    for name, said in record.attributes.items():
        if isinstance(said, AttributeRecord) and said.sure and (word := language.values.get(name, {}).get(said.value)):
            yield EvidenceRecord(field=name, words=word, says=(said.value,), score=said.score)
    if (things := things_in(record, language)) is not None:
        named, known_things = things
        yield known_things.model_copy(update={"words": _listed(named, language.and_)})
    touches = record.findings.touches if record.findings is not None else ()
    sides = [language.sides.get(side) for side in touches]
    if touches and all(sides):
        yield EvidenceRecord(
            field="cut_off", words=_listed([each for each in sides if each], language.and_), says=touches
        )
    if record.view is not None and record.view > 1:  # of a product with one photo there is nothing to tell apart
        yield EvidenceRecord(field="view", words=str(record.view), says=(str(record.view),))


def _categories(record: Record) -> Iterator[tuple[str, str | None, float | None]]:
    """Id, name and score of what is sure, the most telling first."""
    category = record.category
    if category is None or not category.path:
        return
    if category.seen is not None and not category.sure:  # mapped, and told less than was seen
        yield _OURS + category.seen.label, None, category.seen.score
    for node in reversed(category.path):
        yield node.id, node.name, node.score


def _listed(words: Sequence[str], last: str) -> str:
    """``red``, ``red and white``, ``red, white and blue``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}{last}{words[-1]}"
