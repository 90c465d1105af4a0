"""What a photo that was asked about is known again by: its file, not its name."""

from __future__ import annotations

from pathlib import Path

from packshot.storage import sha256_of_file

__all__ = ["photo_hash"]


def photo_hash(photo: Path) -> str:
    """SHA-256 of a photo's file, 64 hexadecimal digits; empty where it cannot be read.

    No answer is kept under the empty one: reading the pixels fails as well, and says why.
    """
    try:
        return sha256_of_file(photo)
    except OSError:
        return ""
