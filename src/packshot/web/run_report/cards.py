"""What the report shows of one photo."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from packshot.records import Record
from packshot.web.run_report import words
from packshot.web.run_report.described import Described, Way, category_keys, described_of

__all__ = ["Card", "RuleLine", "card_of"]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One marketplace rule: its name, what was measured and what is required, in words."""

    title: str
    ok: bool
    must: bool
    measured: str
    required: str


@dataclass(frozen=True, slots=True)
class Card:
    """One photo, ready for the template, which only escapes and lays out.

    Attributes:
        order: the photo's place in the folder.
        name: file name.
        folder: below the folder that was named, empty at its top.
        source: as it was named.
        status: ``ok``, ``review`` or ``failed``.
        before: data URI of the photo, empty if there is none.
        after: data URI of the packshot, or of the cut-out.
        links: ``(words, relative address)`` of the files made.
        uncertainty: 0..1 or None.
        frame_removed: whether a frame was cut off.
        fixes: what a person should do.
        topics: numbers of the frequent topics it belongs to.
        categories: keys of the categories it belongs to.
        described: what is in the photo.
        rules: all rules, failed ones first.
        time: what it took, in words; empty if unknown.
        headline: why it failed, in short.
        reason: why it failed, in full.
        remedy: the way out.
    """

    order: int
    name: str
    folder: str
    source: str
    status: str
    before: str
    after: str
    links: tuple[tuple[str, str], ...]
    uncertainty: float | None
    frame_removed: bool
    fixes: tuple[str, ...]
    topics: tuple[int, ...]
    categories: tuple[str, ...]
    described: Described
    rules: tuple[RuleLine, ...]
    time: str
    headline: str
    reason: str
    remedy: str

    @property
    def main_link(self) -> str:
        """Address of the best picture made, empty if there is none."""
        return self.links[0][1] if self.links else ""

    @property
    def rules_met(self) -> int:
        """How many rules pass."""
        return sum(rule.ok for rule in self.rules)

    @property
    def search(self) -> str:
        """What the search box looks through, lower-case."""
        return " ".join((self.source, self.headline, *self.fixes, self.described.search)).lower()


def card_of(
    order: int,
    stem: str,
    record: Record,
    out: Path,
    *,
    thumbnail_path: Callable[[str, str], str] | None,
    frequent: Sequence[str] = (),
    ways: Mapping[Way, str] | None = None,
) -> Card:
    """Read what the report shows of one photo.

    Args:
        order: the photo's place in the folder.
        stem: where its results lie.
        record: its line of the manifest.
        out: the output folder.
        thumbnail_path: stem and ``before`` or ``after`` to a path below the output folder; None to show no thumbnails.
        frequent: the topics the page offers to filter by.
        ways: the categories it offers to filter by, and their keys.
    """
    error = record.error
    source = words.printable(record.source)
    name = words.printable(Path(record.source).name) or source
    folder = str(PurePosixPath(stem).parent)
    rules = [
        RuleLine(
            words.rule_title(rule.id),
            rule.ok,
            rule.severity == "must",
            words.measured(rule.measured),
            rule.required.replace(">=", "≥").replace("<=", "≤"),
        )
        for rule in record.rules
    ]
    milliseconds = sum(record.timings_ms.values())
    return Card(
        order=order,
        name=name,
        folder="" if folder == "." else words.printable(folder),
        source=source,
        status=str(record.status),
        before=_data_uri(out / thumbnail_path(stem, "before")) if thumbnail_path else "",
        after=_data_uri(out / thumbnail_path(stem, "after")) if thumbnail_path else "",
        links=tuple(
            (label, quote(file))
            for label, file in (("Packshot", record.packshot), ("Cut-out", record.cutout), ("Mask", record.mask))
            if file
        ),
        uncertainty=record.uncertainty,
        frame_removed=record.frame is not None and record.frame.removed,
        fixes=tuple(words.fixes(record)),
        topics=tuple(index for index, topic in enumerate(frequent) if topic in words.topics(record)),
        categories=category_keys(record, ways) if ways is not None else (),
        described=described_of(record),
        rules=tuple(sorted(rules, key=lambda rule: (rule.ok, not rule.must))),
        time=words.duration(milliseconds) if milliseconds else "",
        headline=words.failure_title(error.code) if error else "",
        reason=words.reason(words.printable(error.message if error else ""), source, name),
        remedy=words.sentence(words.printable(error.remedy if error else "")),
    )


def _data_uri(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        return ""  # shown as "no preview"; the picture itself is linked
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"
