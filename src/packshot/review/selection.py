"""Many photos at once: which ones a person means, and a sample of them to look at first."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from packshot.decisions import State
from packshot.errors import UsageError
from packshot.records import Record
from packshot.review.cases import Case
from packshot.review.review import Review
from packshot.review.summary import NOTHING_FOUND
from packshot.values import Doubt, ReviewReason, Status

__all__ = ["Selection", "chosen", "is_pattern", "sample", "select", "why_of"]

_NO_CATEGORY = "none"
_NAMED = 8  # categories that a message names


@dataclass(frozen=True, slots=True)
class Selection:
    """Photos by what is true of them; all that is given must hold.

    Attributes:
        names: photos as the manifest names them, ends of their paths, or patterns: ``*`` stands for anything, also
            across folders. A photo that one of them names is meant; without any, every photo is.
        category: an id or name on the way to the category, or ``none`` where nothing was recognised.
        why: reasons to look, of which one must hold: ``mask``, ``rules``, a doubt such as ``held``, the name of a rule
            that does not hold.
        uncertainty: least and greatest of the mask, 0..1.
        profile: a marketplace profile, of whose rules that must hold one does not.
        decided: whether photos that are decided are meant, too.
    """

    names: tuple[str, ...] = ()
    category: str | None = None
    why: tuple[str, ...] = ()
    uncertainty: tuple[float, float] | None = None
    decided: bool = False
    profile: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing says which photos are meant."""
        return self == Selection(decided=self.decided)

    @property
    def names_photos_alone(self) -> bool:
        """Whether each photo was named by itself, and nothing else is asked."""
        asked = self.category is not None or self.why or self.uncertainty is not None or self.profile is not None
        return bool(self.names) and not asked and not any(map(is_pattern, self.names))


def chosen(review: Review, selection: Selection) -> list[str]:
    """The photos that are meant, also decided ones where each was named by itself.

    Raises:
        UsageError: as `select`.
    """
    if selection.names_photos_alone:
        return [review.records.one(name).source for name in selection.names]
    return [case.source for case in select(review, selection)]


def is_pattern(name: str) -> bool:
    """Whether a name may stand for several photos."""
    return any(sign in name for sign in "*?[")


def select(review: Review, selection: Selection, *, cases: Sequence[Case] | None = None) -> list[Case]:
    """The photos that are meant, in the order of the queue.

    Args:
        review: the results.
        selection: which are meant.
        cases: those of the review, where they are at hand already.

    Raises:
        UsageError: a name is no photo's, a reason is none, or the run has no photo of the category.
    """
    cases = review.cases() if cases is None else cases
    _check_reasons(selection.why, cases)
    if selection.category is not None:
        _check_category(selection.category, cases)
    named = None if not selection.names else _named(review, selection.names, cases)
    return [
        case
        for case in cases
        if (named is None or case.source in named)
        and (selection.decided or case.state is not State.DECIDED)
        and (selection.category is None or _is_of(case.record, selection.category))
        and (not selection.why or not why_of(case.record).isdisjoint(selection.why))
        and _within(case.record.uncertainty, selection.uncertainty)
        and (selection.profile is None or _breaks_rules_of(case.record, selection.profile))
    ]


def sample(cases: Sequence[Case], count: int) -> list[Case]:
    """Some of the photos, to see whether all can be decided on alike: half are the most doubtful, half are drawn.

    Args:
        cases: in the order of the queue.
        count: how many; the same cases and count give the same sample.
    """
    if len(cases) <= count:
        return list(cases)
    first = count // 2
    drawn = random.Random(0).sample(range(first, len(cases)), count - first)  # noqa: S311 - no secret
    return [*cases[:first], *(cases[place] for place in sorted(drawn))]


def why_of(record: Record) -> set[str]:
    """Everything a photo can be selected by: reasons of the run, doubts about its mask, rules that do not hold."""
    found = {*record.review, *record.doubts, *(rule.id for _, rule in record.rules_of_all if not rule.ok)}
    if record.status is Status.FAILED:
        found.add(NOTHING_FOUND)
    return found


def _named(review: Review, names: Sequence[str], cases: Sequence[Case]) -> set[str]:
    found: set[str] = set()
    for name in names:
        if is_pattern(name) and not review.records.named(name):
            matching = {case.source for case in cases if _matches(case.source, name)}
            if not matching:
                raise UsageError(f"{name}: no photo is named like this", remedy="see `review list OUT --all`")
            found |= matching
        else:
            found.add(review.records.one(name).source)
    return found


def _matches(source: str, pattern: str) -> bool:
    path, pattern = source.replace("\\", "/"), pattern.removeprefix("./")
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def _is_of(record: Record, category: str) -> bool:
    path = record.category.path if record.category is not None else ()
    wanted = category.rpartition(">")[2].strip().casefold()
    if wanted == _NO_CATEGORY:
        return not path
    return any(wanted in (node.id.casefold(), node.name.casefold()) for node in path)


def _check_category(category: str, cases: Sequence[Case]) -> None:
    """Refuse a category that no photo has, decided or not: a slip of the pen looked as if nothing were left to do."""
    if category.strip().casefold() == _NO_CATEGORY or any(_is_of(case.record, category) for case in cases):
        return
    paths = [case.record.category.path for case in cases if case.record.category is not None]
    there = sorted({node.name for path in paths for node in path})
    shown = get_close_matches(category.rpartition(">")[2].strip(), there, n=_NAMED, cutoff=0.5) or there[:_NAMED]
    remedy = f"there are {', '.join(shown)}{' and others' if len(shown) < len(there) else ''}, or none"
    raise UsageError(f"no photo of this run is of the category {category!r}", remedy=remedy)


def _within(uncertainty: float | None, limits: tuple[float, float] | None) -> bool:
    return limits is None or (uncertainty is not None and limits[0] <= uncertainty <= limits[1])


def _breaks_rules_of(record: Record, profile: str) -> bool:
    return any(name == profile and not rule.ok and rule.severity == "must" for name, rule in record.rules_of_all)


def _check_reasons(why: Sequence[str], cases: Sequence[Case]) -> None:
    known = {
        NOTHING_FOUND,
        *map(str, ReviewReason),
        *map(str, Doubt),
        *(rule.id for case in cases for _, rule in case.record.rules_of_all),
    }
    wrong = [reason for reason in why if reason not in known]
    if wrong:
        raise UsageError(f"no such reason: {', '.join(wrong)}", remedy=f"expected one of {', '.join(sorted(known))}")
