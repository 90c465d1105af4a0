"""A sentence that somebody else wrote, checked against what is known of its photo."""

from __future__ import annotations

import re

from packshot.records import Record
from packshot.wording.language import Language
from packshot.wording.texts import Names, text_of

__all__ = ["unsupported_words"]


def unsupported_words(sentence: str, record: Record, language: Language, names: Names) -> tuple[str, ...]:
    """The words of a sentence that have a meaning here, and nothing stands behind them.

    Known are the names of categories, colours, things and the words for attributes' values in that language. Of a word
    that is none of these nobody can say whether it is true, so it is not named.

    Args:
        sentence: of a captioning network, or a person.
        record: of the photo.
        language: of the sentence.
        names: of categories, see `category_names`.

    Returns:
        In the order of the sentence, as the language has them, each once.
    """
    path = record.category.path if record.category is not None else ()
    supported = {names.get(node.id, {}).get(language.code, node.name or "").casefold() for node in path}
    text = text_of(record, language, names)
    if text is not None:
        supported |= {each.words.casefold() for each in text.evidence}
    colours = record.findings.colours if record.findings is not None else ()
    supported |= {language.colours.get(colour.name, "").casefold() for colour in colours}
    tags = {tag.value for said in record.attributes.values() if isinstance(said, tuple) for tag in said}
    supported |= {language.things.get(tag, "").casefold() for tag in tags}
    spoken = sentence.casefold()
    found: dict[str, int] = {}
    for word in sorted(_known(language, names), key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", spoken):
            if word not in supported:
                found.setdefault(word, match.start())
            spoken = spoken[: match.start()] + "\0" * len(word) + spoken[match.end() :]  # a longer name is one word
    return tuple(sorted(found, key=lambda word: found[word]))


def _known(language: Language, names: Names) -> set[str]:
    categories = {called.get(language.code, "") for called in names.values()}
    values = {word for table in language.values.values() for word in table.values()}
    words = {*categories, *values, *language.colours.values(), *language.things.values()}
    return {word.casefold() for word in words if word}
