"""What the report shows of one photo."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from packshot.counting import counted
from packshot.records import PackshotRecord, Record, RuleRecord
from packshot.records.picture_state import PictureState, picture_state
from packshot.storage.encodable import printable
from packshot.web.run_report import words
from packshot.web.run_report.described import Described, Way, category_keys, described_of
from packshot.web.run_report.explained import Explained, explained_of
from packshot.web.run_report.topics import topics

__all__ = ["Card", "PictureLine", "RuleLine", "card_of", "first_refusal"]


_ENLARGED = 1.05  # times; less is no softer to the eye
_PACKSHOTS = "packshots"  # where pictures lie that nothing else is said of


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One marketplace rule: its name, what was measured and what is required or recommended, in words."""

    title: str
    ok: bool
    must: bool
    measured: str
    required: str


@dataclass(frozen=True, slots=True)
class PictureLine:
    """The picture made for one profile.

    Attributes:
        profile: its name.
        status: ``ok``, ``review`` where a rule that must hold does not, or ``failed``.
        state: what it needs before it can be published.
        after: address of a thumbnail, a data URI or relative, empty if there is none.
        link: relative address of the picture, empty if there is none.
        reason: why there is none.
        rules: all rules, failed ones first.
        later: the first day from which a rule refuses it that holds later; empty if none does.
        enlarged: how many times the product was enlarged, in words; empty if it was not, by five in a hundred at least.
    """

    profile: str
    status: str
    state: PictureState
    after: str
    link: str
    reason: str
    rules: tuple[RuleLine, ...]
    later: str = ""
    enlarged: str = ""

    @property
    def rules_met(self) -> int:
        """How many rules pass."""
        return sum(rule.ok for rule in self.rules)

    @property
    def verdict(self) -> str:
        """What the marketplace would say, in words; of a picture that is to be looked at, that."""
        if self.status == "failed":
            return "no picture"
        broken = sum(rule.must and not rule.ok for rule in self.rules)
        if broken:
            return f"refused: {counted(broken, 'rule')}"
        if self.state is PictureState.REJECTED:
            return "rejected"
        until = f" until {self.later}" if self.later else ""
        if self.state is PictureState.READY:
            return f"accepted{until}"
        return f"to look at, rules met{until}" if until else "to look at"


@dataclass(frozen=True, slots=True)
class Card:
    """One photo, ready for the template, which only escapes and lays out.

    Attributes:
        order: the photo's place in the folder.
        name: file name.
        folder: below the folder that was named, empty at its top.
        source: as it was named.
        status: ``ok``, ``review``, ``failed`` or ``rejected``.
        before: address of its thumbnail, a data URI or relative, empty if there is none.
        original: relative address of the photo itself, empty if it does not lie there.
        pictures: what was made for each profile.
        links: ``(words, relative address)`` of the files made.
        uncertainty: 0..1 or None.
        frame_removed: whether a frame was cut off.
        fixes: what a person should do.
        decided: what persons decided, by whom and when, in words.
        topics: numbers of the frequent topics it belongs to.
        categories: keys of the categories it belongs to.
        described: what is in the photo.
        why: why it was answered as it was; None where nothing was kept of that.
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
    original: str
    pictures: tuple[PictureLine, ...]
    links: tuple[tuple[str, str], ...]
    uncertainty: float | None
    frame_removed: bool
    overlaid: bool
    fixes: tuple[str, ...]
    decided: tuple[str, ...]
    topics: tuple[int, ...]
    categories: tuple[str, ...]
    described: Described
    why: Explained | None
    time: str
    headline: str
    reason: str
    remedy: str

    @property
    def enlarged(self) -> tuple[str, ...]:
        """How many times the product was enlarged, in words; said once where it is the same for all profiles."""
        told = {picture.enlarged for picture in self.pictures}
        if len(told) == 1:
            return tuple(filter(None, told))
        return tuple(f"{picture.profile}: {picture.enlarged}" for picture in self.pictures if picture.enlarged)

    @property
    def search(self) -> str:
        """What the search box looks through, lower-case."""
        return " ".join((self.source, self.headline, *self.fixes, *self.decided, self.described.search)).lower()


def card_of(
    order: int,
    stem: str,
    record: Record,
    out: Path,
    *,
    thumbnail_path: Callable[[str, str], str],
    folders: Mapping[str, str],
    beside: bool = False,
    frequent: Sequence[str] = (),
    ways: Mapping[Way, str] | None = None,
) -> Card:
    """Read what the report shows of one photo.

    Args:
        order: the photo's place in the folder.
        stem: where its results lie.
        record: its line of the manifest.
        out: the output folder.
        thumbnail_path: stem and ``before``, or the folder of a profile, to a path below the output folder.
        folders: name of each profile to the folder of its pictures.
        beside: whether the page shows thumbnails where they lie; else it holds them itself.
        frequent: the topics the page offers to filter by.
        ways: the categories it offers to filter by, and their keys.
    """
    error = record.error
    source = printable(record.source)
    name = printable(Path(record.source).name) or source
    folder = str(PurePosixPath(stem).parent)
    thumbnails = {
        which: _address(out, thumbnail_path(stem, which), beside=beside)
        for which in ("before", *dict.fromkeys(folders.get(each, _PACKSHOTS) for each in record.packshots))
    }
    milliseconds = sum(record.timings_ms.values())
    todo = tuple(words.fixes(record))
    common = topics(record, todo)
    return Card(
        order=order,
        name=name,
        folder="" if folder == "." else printable(folder),
        source=source,
        status=str(record.status),
        before=thumbnails["before"],
        original=_original(record.source, out),
        pictures=tuple(
            _picture_line(each, record, thumbnails[folders.get(each, _PACKSHOTS)], source, name)
            for each in record.packshots
        ),
        links=tuple(
            (label, quote(file))
            for label, file in (("Packshot", record.packshot), ("Cut-out", record.cutout), ("Mask", record.mask))
            if file
        ),
        uncertainty=record.uncertainty,
        frame_removed=record.frame is not None and record.frame.removed,
        overlaid=record.overlays is not None and record.overlays.found,
        fixes=todo,
        decided=tuple(printable(one.words) for one in record.decisions if one.words),
        topics=tuple(index for index, topic in enumerate(frequent) if topic in common),
        categories=category_keys(record, ways) if ways is not None else (),
        described=described_of(record),
        why=explained_of(record, out),
        time=words.duration(milliseconds) if milliseconds else "",
        headline=words.failure_title(error.code) if error else "",
        reason=words.reason(printable(error.message if error else ""), source, name),
        remedy=words.sentence(printable(error.remedy if error else "")),
    )


def _picture_line(profile: str, record: Record, after: str, source: str, name: str) -> PictureLine:
    picture = record.packshots[profile]
    rules = [_rule_line(rule) for rule in picture.rules] + [_rule_line(rule, rule.since) for rule in picture.upcoming]
    return PictureLine(
        profile=printable(profile),
        status=str(picture.status),
        state=picture_state(record, picture),
        after=after if picture.file else "",
        link=quote(picture.file or ""),
        reason=words.reason(printable(picture.error.message if picture.error else ""), source, name),
        rules=tuple(sorted(rules, key=lambda rule: (rule.ok, not rule.must))),
        later=first_refusal(picture),
        enlarged=f"enlarged {picture.upscale:.1f} times" if (picture.upscale or 0) >= _ENLARGED else "",
    )


def first_refusal(picture: PackshotRecord) -> str:
    """The first day from which a rule refuses a picture that holds later; empty if none does."""
    days = [each.since for each in picture.upcoming if not each.ok and each.severity == "must"]
    return min(days).isoformat() if days else ""


def _rule_line(rule: RuleRecord, since: date | None = None) -> RuleLine:
    title = words.rule_title(rule.id) + (f", from {since}" if since else "")
    required = rule.required.replace(">=", "≥").replace("<=", "≤")
    if rule.severity == "should":
        required = f"recommended: {required}"
    # What holds later refuses nothing yet.
    return RuleLine(title, rule.ok, rule.severity == "must" and since is None, words.measured(rule.measured), required)


def _original(source: str, out: Path) -> str:
    try:
        return quote(os.fsencode(os.path.relpath(source, out))) if Path(source).is_file() else ""
    except (OSError, ValueError):  # a name that no file can have, or another drive
        return ""


def _address(out: Path, thumbnail: str, *, beside: bool) -> str:
    """Of a thumbnail below `out`; empty if it is not there, which is shown as "no preview"."""
    path = out / thumbnail
    try:
        if beside:
            return quote(thumbnail) if path.is_file() else ""
        data = path.read_bytes()
    except OSError:
        return ""
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"
