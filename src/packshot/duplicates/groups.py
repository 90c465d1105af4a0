"""Pictures that are one, gathered around their best copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from packshot.duplicates.match import DUPLICATE, Kind, Match, match_prints
from packshot.duplicates.prints import Print

__all__ = ["Group", "Member", "gather"]

_AS_LARGE = 0.7  # of the most detail, which is measured in steps of that size: from here on pictures are equally large
_AS_CLEAN = 0.35  # of roughness: less is hardly seen
_AS_CENTRAL = 0.002  # of what is the same as in the others
_FINALISTS, _JURY = 8, 20  # copies compared with others to find the most central one, and others they are compared with
# How much a picture speaks for a copy of which it shows another view.
_VIEW = dict.fromkeys((Kind.MIRRORED, Kind.TURNED, Kind.OTHER_GROUND), 0.0)
_VIEW |= {Kind.CROPPED: 0.9, Kind.NEAR_COPY: 0.98, Kind.RESIZED: 0.995}


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
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Group:
    """Two or more pictures that are one.

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


def gather(
    prints: Sequence[Print],
    pairs: Mapping[tuple[int, int], Match],
    *,
    match: Callable[[Print, Print], Match | None] = match_prints,
) -> list[Group]:
    """Group pictures.

    What hangs together by pairs is put to the test: every picture must be a duplicate of the group's best copy itself,
    so that a chain of small steps joins nothing that is not one. Those that are not are gathered anew among themselves.

    The best copy is among those with most detail (see `Print.detail`; 70 % of it is as good) and of those among the
    cleanest (least `Print.roughness`; 0.35 more is as good). It is the one that shows most of what the others show, as
    they show it: whole, upright, unmirrored, with nothing laid over it; of equals the larger, then the cleaner one.

    Args:
        prints: of all pictures.
        pairs: verified pairs by their positions, the smaller one first.
        match: verifies a pair that is not among them.

    Returns:
        Groups of two or more, in the order of their first pictures.
    """
    known = dict(pairs)

    def between(one: int, other: int) -> Match:
        key = min(one, other), max(one, other)
        if key not in known:
            found = match(prints[key[0]], prints[key[1]])
            known[key] = found if found is not None else Match(0.0, Kind.NEAR_COPY)
        return known[key]

    groups = list[Group]()
    waiting = _connected(len(prints), pairs)
    while waiting:
        together = waiting.pop()
        best = _best(together, prints, between)
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


def _best(together: list[int], prints: Sequence[Print], between: Callable[[int, int], Match]) -> int:
    most = max(prints[place].detail for place in together)
    large = [place for place in together if prints[place].detail >= _AS_LARGE * most]
    least = min(prints[place].roughness for place in large)
    clean = [place for place in large if prints[place].roughness <= least + _AS_CLEAN][:_FINALISTS]
    others = together[:_JURY]

    def rank(place: int) -> tuple[float, ...]:
        matches = [between(place, other) for other in others if other != place]
        central = sum(match.same * _VIEW.get(match.kind, 1.0) for match in matches) / len(matches)
        width, height = prints[place].size
        return round(central / _AS_CENTRAL), width * height, -prints[place].roughness, -place

    return max(clean, key=rank)


def _connected(number: int, pairs: Mapping[tuple[int, int], Match]) -> list[list[int]]:
    linked = [pair for pair, match in pairs.items() if match.score >= DUPLICATE]
    return _components(range(number), linked)


def _connected_among(places: list[int], pairs: Mapping[tuple[int, int], Match]) -> list[list[int]]:
    inside = set(places)
    linked = [(a, b) for (a, b), match in pairs.items() if match.duplicate and a in inside and b in inside]
    return _components(places, linked)


def _components(places: Sequence[int], linked: list[tuple[int, int]]) -> list[list[int]]:
    """Connected sets of two or more, each sorted."""
    head = {place: place for place in places}

    def find(place: int) -> int:
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    for one, other in linked:
        first, second = sorted((find(one), find(other)))
        head[second] = first
    sets: dict[int, list[int]] = {}
    for place in places:
        sets.setdefault(find(place), []).append(place)
    return [sorted(members) for members in sets.values() if len(members) > 1]
