"""A group of duplicates by the names of its photos: as JSON has it, and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict

from packshot.counting import counted
from packshot.duplicates.match import CopyKind

__all__ = ["GroupRow", "copy_words", "group_row", "group_words"]


class GroupRow(TypedDict):
    """A group as JSON has it; the lists have an entry for each member, the best first."""

    members: list[str]
    score: float
    best: str
    kinds: list[str | None]
    scores: list[float]


def group_row(sources: Sequence[str], kinds: Sequence[CopyKind | None], scores: Sequence[float]) -> GroupRow:
    """A group as JSON has it.

    Args:
        sources: of its photos, the best copy first.
        kinds: how each differs from the best copy; None for that one.
        scores: 0..1, how sure that is.
    """
    return {
        "members": list(sources),
        "score": round(min(scores), 6),
        "best": sources[0],
        "kinds": [None if kind is None else kind.value for kind in kinds],
        "scores": [round(score, 6) for score in scores],
    }


def group_words(row: GroupRow, shown: Callable[[str], str]) -> str:
    """A group for a person: the best copy, and how each other one differs from it.

    Args:
        row: of `group_row`.
        shown: makes a name fit to be printed.
    """
    lines = [f"best\t{shown(row['best'])}"]
    for source, kind, score in list(zip(row["members"], row["kinds"], row["scores"], strict=True))[1:]:
        lines.append(f"{copy_words(kind, score)}\t{shown(source)}")
    return "\n  ".join([counted(len(row["members"]), "photo"), *lines])


def copy_words(kind: str | None, score: float) -> str:
    """How a copy differs from the best one, and how sure that is; empty for the best one."""
    return "" if kind is None else f"{kind} ({score:.2f})"
