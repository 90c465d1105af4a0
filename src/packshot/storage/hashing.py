"""What a file holds, as one short name."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["sha256_of_file"]


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces; 64 hexadecimal digits.

    Raises:
        OSError: it is not there, not a plain file or may not be read.
    """
    if not path.is_file():  # a pipe would be waited on for ever
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
