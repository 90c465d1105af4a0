"""Where each reviewer is, kept beside the decisions."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from packshot.review import Review
from packshot.storage import write_atomic

__all__ = ["read_position", "write_position"]


def read_position(review: Review, by: str) -> str | None:
    """The photo's id; None where none was kept, or it cannot be read."""
    try:
        found = json.loads(_file(review, by).read_bytes())["photo"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


def write_position(review: Review, by: str, photo: str | None) -> None:
    """Keep it.

    Raises:
        OutputError: it could not be written.
    """
    write_atomic(_file(review, by), json.dumps({"by": by, "photo": photo}).encode())


def _file(review: Review, by: str) -> Path:
    """Named by a hash: a reviewer's name is no file's name."""
    return review.out / "review" / "positions" / f"{hashlib.sha256(by.encode()).hexdigest()[:16]}.json"
