"""Cases, decisions and numbers of a review in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from packshot.counting import counted
from packshot.decisions import State
from packshot.review.cases import Case
from packshot.review.review import Review
from packshot.values import ReviewReason, Status

__all__ = [
    "MASK_DOUBTS",
    "NOTHING_FOUND",
    "ReviewStats",
    "category_words",
    "reasons",
    "review_stats",
    "split_waiting",
]

#: The reason of a photo that failed, which has no `ReviewReason`.
NOTHING_FOUND = "nothing-found"

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

    def words(self, *, ready: int = 0) -> str:
        """For a person, a line for each kind of number.

        Args:
            ready: of the new photos, those that nobody needs to look at, see `split_waiting`.
        """
        new = self.states["new"] - ready
        lines = [
            f"{counted(self.photos, 'photo')}, {self.photos - self.reviewable:,} of them without anything to decide on",
            f"{new:,} to look at, {self.states['stale']:,} came back after a later run, "
            f"{ready:,} ready that nobody decided on, {counted(self.states['decided'], 'is decided', 'are decided')}",
        ]
        for title, numbers in (("decisions", self.decisions), ("by", self.by), ("rejected", self.reasons)):
            if numbers:
                lines.append(f"{title}: {', '.join(f'{name} {count:,}' for name, count in numbers.items())}")
        if self.undone:
            lines.append(f"taken back: {self.undone:,}")
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


def split_waiting(cases: Iterable[Case]) -> tuple[list[Case], list[Case]]:
    """Of photos that nobody decided on as they are now, those to look at, and those that are ready as they are."""
    look: list[Case] = []
    ready: list[Case] = []
    for case in cases:
        if case.state is not State.DECIDED:
            (look if case.waits else ready).append(case)
    return look, ready


def reasons(case: Case, *, codes: bool = False) -> list[str]:
    """Why a person should look at a photo, in words; empty if nothing is doubtful.

    Args:
        case: the photo.
        codes: add ``[code]``, by which ``--why`` knows a reason, where the words do not name it.
    """
    record, priority = case.record, case.priority
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
        f"nothing found to cut out{_code(NOTHING_FOUND, wanted=codes)}": record.status == "failed",
        f"{record.damage}{_code(ReviewReason.DAMAGE, wanted=codes)}": record.damage is not None,
        f"text, a logo or a watermark over it{_code(ReviewReason.OVERLAY, wanted=codes)}": "overlay" in record.review,
        f"breaks {', '.join(broken)}": bool(broken),
        f"enlarged beyond the photo{_for(enlarged, several)}": bool(enlarged),
        f"no picture{_for(missing, several)}{_code(ReviewReason.PICTURE, wanted=codes)}": bool(missing)
        and record.status != "failed",
        f"doubt about the mask {priority.mask:.2f}": priority.mask >= 0.5 and record.status != "failed",
        f"doubt about the category {priority.category:.2f}": priority.category >= 0.5,
        f"doubt about the frame {priority.frame:.2f}": priority.frame >= 0.5,
    }
    mask = [MASK_DOUBTS.get(doubt, doubt) + _code(doubt, wanted=codes) for doubt in record.doubts]
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


def _code(code: str, *, wanted: bool) -> str:
    return f" [{code}]" if wanted else ""


def _for(profiles: Sequence[str], several: bool) -> str:
    return f" ({', '.join(profiles)})" if several else ""
