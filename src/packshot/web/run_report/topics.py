"""What photos have in common that need something: their fixes without what is of one photo alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from packshot.records import Record
from packshot.values import Status
from packshot.web.run_report.words import failure_title, fixes

__all__ = ["frequent_topics", "topic", "topics"]

_MOST = 8

# Advice that holds numbers of one photo, and what it says without them.
_WITHOUT_NUMBERS = (
    (re.compile(r"The product is only \d+ pixels long"), "The product has few pixels"),
    (re.compile(r"Enlarged [\d.]+ times to reach the least size allowed"), "Enlarged beyond what the photo holds"),
    (re.compile(r"The product is too small in the photo to fill"), "The product is too small in the photo"),
    (re.compile(r"\d+% of the product is blown out"), "Part of the product is blown out"),
)
_SIDES = re.compile(r" \((?:left|top|right|bottom)(?:, (?:left|top|right|bottom))*\)")
_DATED = re.compile(r"From \d{4}-\d\d-\d\d")  # of a rule that holds later


def topic(fix: str) -> str:
    """A fix without its numbers, its sides and the way out, which differ from photo to photo.

    Example:
        >>> topic("The product is cut off (left, top): step back and show all of it")
        'The product is cut off'
        >>> topic("The product is only 320 pixels long: move closer or use more pixels")
        'The product has few pixels'
        >>> topic("Check the cut-out: parts of it are half transparent")
        'Check the cut-out: parts of it are half transparent'
    """
    for pattern, words in _WITHOUT_NUMBERS:
        if pattern.match(fix):
            return words
    if _DATED.match(fix):
        return fix.rpartition(", ")[0] or fix
    if fix.startswith("Check "):
        return fix  # what there is to check is said behind the colon
    return re.sub(r"\d[\d.,]*", "…", _SIDES.sub("", re.split("[:;]", fix, maxsplit=1)[0]))


def topics(record: Record, todo: Sequence[str] | None = None) -> list[str]:
    """What a photo has in common with others: its failure or its fixes, see `topic`.

    Args:
        record: a line of the manifest.
        todo: its `fixes`, where they are known.
    """
    if record.status is Status.FAILED:
        return [failure_title(record.error.code if record.error is not None else "")]
    return list(dict.fromkeys(map(topic, fixes(record) if todo is None else todo)))


def frequent_topics(records: Iterable[Record]) -> list[tuple[str, int]]:
    """What there is to fix on more than one photo, most frequent first, at most eight."""
    found = Counter(each for record in records for each in topics(record))
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(text, number) for text, number in ranked if number > 1][:_MOST]
