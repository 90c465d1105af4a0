"""Cases, decisions and numbers of a review in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from packshot.decisions import State
from packshot.review.cases import Case
from packshot.review.review import Review
from packshot.values import Status

__all__ = ["MASK_DOUBTS", "ReviewStats", "category_words", "reasons", "review_stats"]

#: A doubt about a mask to a few words for a reviewer.
MASK_DOUBTS = {
    "held": "held by a hand or a person",
    "alike": "several alike side by side",
    "area": "a part missing or foreign",
    "smoke": "half transparent parts",
    "pieces": "loose pieces",
    "thin": "a hanger left on it, or a strap lost",
    "fringe": "the background's colour along the outline",
    "outline": "uncertain outline",
    "cut-off": "cut off at the photo's edge",
    "ground": "background and network disagree",
    "redrawn": "strokes drawn again on a new mask",
}


@dataclass(frozen=True, slots=True)
class ReviewStats:
    """Numbers of photos and decisions.

    Attributes:
        photos: of the run.
        reviewable: those that can be decided on.
        states: ``new``, ``stale`` and ``decided`` to photos.
        decisions: kind to decisions that stand.
        undone: decisions that were taken back.
        by: who decided to decisions that stand.
        reasons: for rejections, each to its number.
    """

    photos: int
    reviewable: int
    states: Mapping[str, int]
    decisions: Mapping[str, int]
    undone: int
    by: Mapping[str, int]
    reasons: Mapping[str, int]

    def row(self) -> dict[str, object]:
        """As JSON has it: the states stand beside the other numbers."""
        row = asdict(self)
        return {**{name: row.pop(name) for name in ("photos", "reviewable")}, **row.pop("states"), **row}

    def words(self) -> str:
        """For a person, a line for each kind of number."""
        lines = [
            f"{self.photos} photos, {self.photos - self.reviewable} of them without anything to decide on",
            "{new} wait, {stale} came back after a later run, {decided} are decided".format(**self.states),
        ]
        for title, numbers in (("decisions", self.decisions), ("by", self.by), ("rejected", self.reasons)):
            if numbers:
                lines.append(f"{title}: {', '.join(f'{name} {count}' for name, count in numbers.items())}")
        if self.undone:
            lines.append(f"taken back: {self.undone}")
        return "\n".join(lines)


def review_stats(review: Review) -> ReviewStats:
    """How many photos wait, what was decided, by whom, and why photos were rejected."""
    cases, standing = review.cases(), review.decisions.standing()
    states = Counter(case.state.value for case in cases)
    return ReviewStats(
        photos=len(review.records),
        reviewable=len(cases),
        states={state.value: states[state.value] for state in State},
        decisions=dict(Counter(one.kind.value for one in standing)),
        undone=len(review.decisions.made) - len(standing),
        by=dict(Counter(one.by for one in standing)),
        reasons=dict(Counter(one.reason for one in standing if one.reason)),
    )


def reasons(case: Case) -> list[str]:
    """Why a person should look at a photo, in words; empty if nothing is doubtful."""
    record, doubts = case.record, case.doubts
    several = len(record.packshots) > 1
    broken = [
        f"{rule.id} ({profile})" if several else rule.id
        for profile, rule in record.rules_of_all
        if not rule.ok and rule.severity == "must"
    ]
    pictures = record.packshots.items()
    enlarged = [profile for profile, picture in pictures if picture.enlarged]
    missing = [profile for profile, picture in pictures if picture.status is Status.FAILED]
    said = {
        "decided on another result": case.state is State.STALE,
        "nothing found to cut out": record.status == "failed",
        str(record.damage): record.damage is not None,
        f"breaks {', '.join(broken)}": bool(broken),
        f"enlarged beyond the photo{_for(enlarged, several)}": bool(enlarged),
        f"no picture{_for(missing, several)}": bool(missing) and record.status != "failed",
        f"mask {doubts.mask:.2f}": doubts.mask >= 0.5 and record.status != "failed",
        f"category {doubts.category:.2f}": doubts.category >= 0.5,
        f"frame {doubts.frame:.2f}": doubts.frame >= 0.5,
    }
    mask = [MASK_DOUBTS.get(doubt, doubt) for doubt in record.doubts]
    return [*(reason for reason, holds in said.items() if holds), *mask]


def category_words(case: Case) -> str:
    """The category the run gave and the one a person gave; empty without any."""
    category = case.record.category
    if category is None or not category.path:
        return ""
    score = category.score
    given = " > ".join(node.name for node in category.path) + ("" if score is None else f" ({score:.2f})")
    corrected = case.verdict.category if case.verdict else None
    if corrected is None:
        return given
    if [node.id for node in corrected] == [node.id for node in category.path]:
        return f"{given}, a person says so"
    return f"{given}; a person says {' > '.join(node.name for node in corrected)}"


def _for(profiles: Sequence[str], several: bool) -> str:
    return f" ({', '.join(profiles)})" if several else ""
