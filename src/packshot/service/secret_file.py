"""Files that hold secrets or their hashes, one a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packshot.errors import UsageError

__all__ = ["secret_lines"]


def secret_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line; empty ones and what stands behind ``#`` are passed over.

    A line that is refused is named by its number, never shown: it may be a secret that was put there by mistake.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({type(error).__name__})", remedy="check the path") from error
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if text:
            yield number, text
