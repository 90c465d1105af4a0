"""Taking decisions back, one or many; what was decided before on the same photo counts again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from packshot.decisions import Decision, DecisionLog, Kind
from packshot.errors import UsageError
from packshot.review.review import Review

__all__ = ["Undoing", "undo_last", "undo_on", "would_undo"]


@dataclass(frozen=True, slots=True)
class Undoing:
    """Which decisions are meant: the last on each photo of those for which all holds.

    Attributes:
        sources: of photos, as the manifest names them; None for every photo.
        by: who decided; None for anybody.
        kind: what was decided; None for anything.
    """

    sources: Collection[str] | None = None
    by: str | None = None
    kind: Kind | None = None

    @property
    def is_last_alone(self) -> bool:
        """Whether nothing says which decisions are meant: then it is what was decided last."""
        return self == Undoing()


def undo_last(review: Review, *, by: str, own: bool = False) -> list[Decision]:
    """Take back what was decided last: all of it, if it was decided on several photos at once.

    Args:
        review: the results and decisions.
        by: who takes it back.
        own: the last of that person's own decisions, not of anybody's.

    Returns:
        The decisions that no longer count, in the order of time.

    Raises:
        UsageError: nothing was decided.
    """

    def last(log: DecisionLog) -> list[Decision]:
        standing = [one for one in log.standing() if not own or one.by == by]
        return log.made_with(standing[-1]) if standing else []

    return _require(review.undo_all(last, by=by))


def undo_on(review: Review, undoing: Undoing, *, by: str) -> list[Decision]:
    """Take back the last decision on each of several photos.

    Returns:
        The decisions that no longer count, in the order of time.

    Raises:
        UsageError: there is none.
    """
    return _require(review.undo_all(lambda log: would_undo(review, log, undoing), by=by))


def would_undo(review: Review, log: DecisionLog, undoing: Undoing) -> list[Decision]:
    """What `undo_on` would take back, in the order of time."""
    wanted = None
    if undoing.sources is not None:
        contents = {review.records.one(source).sha256 for source in undoing.sources}
        wanted = contents | set(undoing.sources)
    last: dict[str, Decision] = {}
    for one in log.standing():
        mine = wanted is None or one.seen.photo in wanted or one.source in wanted
        if mine and undoing.by in (None, one.by) and undoing.kind in (None, one.kind):
            last[one.seen.photo] = one
    return sorted(last.values(), key=lambda one: one.number)


def _require(taken: list[Decision]) -> list[Decision]:
    if not taken:
        raise UsageError("nothing was decided, or all was taken back", remedy="there is nothing to undo")
    return taken
