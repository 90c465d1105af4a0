"""Groups of duplicates, each around its best copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from packshot.duplicates.connected import Connected
from packshot.duplicates.match import DUPLICATE, CopyKind, PairMatch

__all__ = ["Copy", "Group", "Member", "group_duplicates"]

_AS_LARGE = 0.7  # of the most detail, which is measured in steps of that size: from here on pictures are equally large
_STILL_LARGE = 0.4  # of the detail of a copy with a frame or badge: less, and that one is better still
_AS_CLEAN = 0.35  # of roughness: less is hardly seen
_AS_CENTRAL = 0.002  # of what is the same as in the others
_FINALISTS, _JURY = 8, 20  # copies compared with others to find the most central one, and others they are compared with
# How much a picture speaks for a copy of which it shows another view.
_VIEW = dict.fromkeys((CopyKind.MIRRORED, CopyKind.TURNED, CopyKind.OTHER_BACKGROUND), 0.0)
_VIEW |= {CopyKind.CROPPED: 0.9, CopyKind.NEAR_COPY: 0.98, CopyKind.RESIZED: 0.995}


class Copy(Protocol):
    """What ranks a picture among its copies; see `Fingerprint`."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), pixels."""
        ...

    @property
    def detail(self) -> float:
        """Pixels the picture really has."""
        ...

    @property
    def roughness(self) -> float:
        """What lossy files add."""
        ...


Picture = TypeVar("Picture", bound=Copy)


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a group.

    Attributes:
        place: its position among all pictures.
        score: 0..1, how sure it is that it shows what the best copy shows; 1 for the best copy itself.
        kind: how it differs from the best copy; None for the best copy itself.
    """

    place: int
    score: float
    kind: CopyKind | None


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more duplicates of one picture.

    Attributes:
        members: the best copy first, then by score.
        score: the least score of a member.
    """

    members: tuple[Member, ...]
    score: float

    @property
    def best(self) -> int:
        """The best copy's position."""
        return self.members[0].place


def group_duplicates(
    pictures: Sequence[Picture],
    pairs: Mapping[tuple[int, int], PairMatch],
    *,
    match: Callable[[Picture, Picture], PairMatch | None],
) -> list[Group]:
    """Group pictures.

    Connected pictures are verified: every one must be a duplicate of the group's best copy itself, so that a chain of
    small steps joins nothing that is different. Those that are not are grouped anew among themselves.

    The best copy has no frame, word or badge that another copy of the group lacks, unless that one has less than 40 %
    of its detail. It is among those with most detail (see `Fingerprint.detail`; 70 % of it is as good) and of those
    among the cleanest (least `Fingerprint.roughness`; 0.35 more is as good). It is the one that shows most of what the
    others show, as they show it: whole, upright, unmirrored; of equals the larger, then cleaner one.

    Args:
        pictures: all of them, as `match` takes them: their fingerprints, or what stands for these.
        pairs: verified pairs by their positions, the smaller one first.
        match: verifies a pair that is not among them, as `match_fingerprints` does.

    Returns:
        Groups of two or more, in the order of their first pictures.
    """
    known = dict(pairs)

    def between(one: int, other: int) -> PairMatch:
        key = min(one, other), max(one, other)
        if key not in known:
            found = match(pictures[key[0]], pictures[key[1]])
            known[key] = found if found is not None else PairMatch(0.0, CopyKind.NEAR_COPY)
        return known[key]

    groups = list[Group]()
    waiting = _connected(len(pictures), pairs)
    while waiting:
        together = waiting.pop()
        best = _best(together, pictures, between)
        members, others = [Member(best, 1.0, None)], list[int]()
        for place in together:
            if place == best:
                continue
            found = between(best, place)
            if found.duplicate:
                members.append(Member(place, found.score, found.kind))
            else:
                others.append(place)
        if len(members) > 1:
            members[1:] = sorted(members[1:], key=lambda member: (-member.score, member.place))
            groups.append(Group(tuple(members), min(member.score for member in members)))
        waiting += _connected_among(others, known)
    return sorted(groups, key=lambda group: min(member.place for member in group.members))


def _best(together: list[int], pictures: Sequence[Copy], between: Callable[[int, int], PairMatch]) -> int:
    plain = [place for place in together if not _added_to(place, together[:_JURY], pictures, between)] or together
    most = max(pictures[place].detail for place in plain)
    large = [place for place in plain if pictures[place].detail >= _AS_LARGE * most]
    least = min(pictures[place].roughness for place in large)
    clean = [place for place in large if pictures[place].roughness <= least + _AS_CLEAN][:_FINALISTS]
    others = together[:_JURY]

    def rank(place: int) -> tuple[float, ...]:
        matches = [between(place, other) for other in others if other != place]
        central = sum(match.same * _VIEW.get(match.kind, 1.0) for match in matches) / len(matches)
        width, height = pictures[place].size
        return round(central / _AS_CENTRAL), width * height, -pictures[place].roughness, -place

    return max(clean, key=rank)


def _added_to(
    place: int,
    others: list[int],
    pictures: Sequence[Copy],
    between: Callable[[int, int], PairMatch],
) -> bool:
    """Whether another copy lacks what was laid over or around this one, and is not much smaller."""
    for other in others:
        if other == place or pictures[other].detail < _STILL_LARGE * pictures[place].detail:
            continue
        found = between(place, other)
        if found.duplicate and found.plainer is not None and found.plainer != (place > other):
            return True
    return False


def _connected(number: int, pairs: Mapping[tuple[int, int], PairMatch]) -> list[list[int]]:
    linked = [pair for pair, match in pairs.items() if match.score >= DUPLICATE]
    return _components(range(number), linked)


def _connected_among(places: list[int], pairs: Mapping[tuple[int, int], PairMatch]) -> list[list[int]]:
    inside = set(places)
    linked = [(a, b) for (a, b), match in pairs.items() if match.duplicate and a in inside and b in inside]
    return _components(places, linked)


def _components(places: Sequence[int], linked: list[tuple[int, int]]) -> list[list[int]]:
    """Connected sets of two or more, each sorted."""
    connected = Connected({place: place for place in places})
    for one, other in linked:
        connected.join(one, other)
    sets: dict[int, list[int]] = {}
    for place in places:
        sets.setdefault(connected.head(place), []).append(place)
    return [sorted(members) for members in sets.values() if len(members) > 1]
