"""Files in folders and globs that are no input, and how a person is told of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packshot.counting import counted
from packshot.listing import listed
from packshot.storage.encodable import printable

__all__ = ["PassedOver", "passed_over_lines"]

_NAMED = 3  # so many files of a kind are named, the rest counted


@dataclass(frozen=True, slots=True, order=True)
class PassedOver:
    """A file in a folder or glob that is no input.

    Attributes:
        reason: what it is, in words.
        path: of the file.
    """

    reason: str
    path: str


def passed_over_lines(passed_over: Iterable[PassedOver]) -> list[str]:
    """One line for each reason: how many files, and the names of the first.

    Example:
        >>> passed_over_lines([PassedOver("text", "in/list.csv")])
        ['passed over 1 file, text: list.csv']
    """
    kinds: dict[str, list[str]] = {}
    for one in passed_over:
        kinds.setdefault(one.reason, []).append(Path(one.path).name)
    lines = []
    for reason, names in kinds.items():
        shown = listed(list(map(printable, names)), _NAMED)
        lines.append(f"passed over {counted(len(names), 'file')}, {reason}: {shown}")
    return lines
