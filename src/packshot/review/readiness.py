"""How much of a run can be published: for each channel, now and from the day on which a rule begins to hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from packshot.records import PackshotRecord, Record
from packshot.records.picture_state import PictureState, picture_state
from packshot.values import Status

__all__ = ["Channel", "Later", "channels"]


@dataclass(frozen=True, slots=True)
class Later:
    """A day on which rules begin to hold.

    Attributes:
        since: the day.
        refused: photos accepted until then that a rule refuses from that day on, those of earlier days among them.
        rules: id of each of the rules that begin on the day to the photos it refuses.
    """

    since: date
    refused: int
    rules: dict[str, int]


@dataclass(frozen=True, slots=True)
class Channel:
    """A marketplace, and how the photos of a run do there; `ready`, `look`, `refused` and `missing` add up to `photos`.

    Attributes:
        profile: its name.
        photos: that were made for it.
        ready: accepted, and nobody needs to look.
        look: accepted by the rules, but a person should look at the mask, a frame or damage.
        refused: break a rule that must hold.
        missing: without a picture.
        rules: id of each rule that is broken to the photos that break it.
        later: days on which further rules begin to hold, in their order.
    """

    profile: str
    photos: int
    ready: int
    look: int
    refused: int
    missing: int
    rules: dict[str, int]
    later: tuple[Later, ...]


def channels(records: Iterable[Record]) -> tuple[Channel, ...]:
    """How ready a run is for each marketplace it made pictures for.

    Args:
        records: lines of its manifest, with what persons decided; a photo that was rejected counts nowhere.

    Returns:
        The channels in the order in which the run names them.
    """
    by_profile: dict[str, list[tuple[Record, PackshotRecord]]] = defaultdict(list)
    failed = 0
    for record in records:
        if record.status is not Status.REJECTED:
            failed += not record.packshots
            for profile, picture in record.packshots.items():
                by_profile[profile].append((record, picture))
    return tuple(_channel(profile, pictures, failed) for profile, pictures in by_profile.items())


def _channel(profile: str, pictures: list[tuple[Record, PackshotRecord]], failed: int) -> Channel:
    """The channel; `failed` photos have no picture for any."""
    states, broken = Counter[PictureState](), Counter[str]()
    coming: dict[date, Counter[str]] = defaultdict(Counter)
    refused_later: dict[date, int] = defaultdict(int)
    for record, picture in pictures:
        broken.update(set(_broken(picture)))
        state = picture_state(record, picture)
        states[state] += 1
        if state in {PictureState.READY, PictureState.LOOK}:
            rules = [rule for rule in picture.upcoming if not rule.ok and rule.severity == "must"]
            for rule in rules:
                coming[rule.since][rule.id] += 1
            if rules:
                refused_later[min(rule.since for rule in rules)] += 1
    later, total = [], 0
    for since in sorted(coming):
        total += refused_later[since]
        later.append(Later(since, total, dict(coming[since].most_common())))
    return Channel(
        profile=profile,
        photos=len(pictures) + failed,
        ready=states[PictureState.READY],
        look=states[PictureState.LOOK],
        refused=states[PictureState.REFUSED],
        missing=states[PictureState.MISSING] + failed,
        rules=dict(broken.most_common()),
        later=tuple(later),
    )


def _broken(picture: PackshotRecord) -> Iterator[str]:
    return (rule.id for rule in picture.rules if not rule.ok and rule.severity == "must")
