"""The one error that lists what is wrong with the lines of a taxonomy file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from packshot.errors import UsageError

__all__ = ["wrong_file"]

_MOST_PROBLEMS = 5


def wrong_file(path: Path, problems: Sequence[str]) -> UsageError:
    """The error that names a file and the first few of its problems."""
    shown = "; ".join(problems[:_MOST_PROBLEMS])
    more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
    return UsageError(f"taxonomy {path}: {shown}{more}", remedy="correct the file, see docs/how-to/taxonomy.md")
