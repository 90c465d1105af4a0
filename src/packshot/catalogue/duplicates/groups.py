"""Pictures that are one, gathered around their best copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from packshot.catalogue.duplicates.match import DUPLICATE, Kind, Match, match_prints
from packshot.catalogue.duplicates.prints import Print

__all__ = ["Group", "Member", "gather"]

_AS_LARGE = 0.8  # of the largest detail: pictures from here on count as equally large
_AS_CLEAN = 0.05  # of roughness


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

    The best copy is the one with most detail (see `Print.detail`; 80 % of it is as good); of those the cleanest (least
    `Print.roughness`); of those the one most like all the others, which is the one nothing was laid over; of those
    the one that came first.

    Args:
        prints: of all pictures.
        pairs: verified pairs by their positions, the smaller one first.
        match: verifies a pair that is not among them.

    Returns:
        Groups of two or more, in the order of their first pictures.
    """
    known = dict(pairs)

    def between(one: int, other: int) -> Match | None:
        key = min(one, other), max(one, other)
        if key not in known:
            found = match(prints[key[0]], prints[key[1]])
            known[key] = found if found is not None else Match(0.0, Kind.NEAR_COPY)
        return known[key]

    groups = list[Group]()
    waiting = _connected(len(prints), pairs)
    while waiting:
        together = waiting.pop()
        best = _best(together, prints, known)
        members, others = [Member(best, 1.0, None)], list[int]()
        for place in together:
            if place == best:
                continue
            found = between(best, place)
            if found is not None and found.duplicate:
                members.append(Member(place, found.score, found.kind))
            else:
                others.append(place)
        if len(members) > 1:
            members[1:] = sorted(members[1:], key=lambda member: (-member.score, member.place))
            groups.append(Group(tuple(members), min(member.score for member in members)))
        waiting += _connected_among(others, known)
    return sorted(groups, key=lambda group: min(member.place for member in group.members))


def _best(together: list[int], prints: Sequence[Print], known: Mapping[tuple[int, int], Match]) -> int:
    most = max(prints[place].detail for place in together)
    large = [place for place in together if prints[place].detail >= _AS_LARGE * most]
    least = min(prints[place].roughness for place in large)
    clean = [place for place in large if prints[place].roughness <= least + _AS_CLEAN]
    inside = set(together)
    central = dict.fromkeys(clean, 0.0)
    for (one, other), match in known.items():
        if one in inside and other in inside:
            for place in (one, other):
                if place in central:
                    central[place] += match.score
    return max(clean, key=lambda place: (round(central[place], 2), -place))


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
