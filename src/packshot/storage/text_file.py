"""Text files that a person wrote or a program exported: UTF-8, or an error that says what they are instead."""

from __future__ import annotations

import re
from pathlib import Path

from packshot.errors import UsageError

__all__ = ["read_text", "split_lines"]


def read_text(path: Path, *, what: str, most_bytes: int = 50_000_000) -> str:
    """The content of a file.

    Args:
        path: a file in UTF-8, with or without a byte order mark.
        what: it is, for the messages.
        most_bytes: a larger file is refused.

    Raises:
        UsageError: there is no such file, it is empty, too large, or not UTF-8; says in which line.
    """
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise UsageError(
                f"{what} {path} has {size / 1e6:.0f} MB, at most {most_bytes / 1e6:.0f} MB are read",
                remedy="check that it is the right file",
            )
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{what} {path} cannot be read ({error.strerror})", remedy="check the path") from error
    if not data.strip():
        raise UsageError(f"{what} {path} is empty", remedy="check that it is the right file")
    remedy = "save it as UTF-8 text"
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise UsageError(f"{what} {path} is in UTF-16, expected UTF-8", remedy=remedy)
    if b"\0" in data:
        raise UsageError(f"{what} {path} holds zero bytes, so it is no UTF-8 text", remedy=remedy)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(split_lines(data[: error.start].decode("utf-8", errors="replace")))
        raise UsageError(
            f"{what} {path}, line {line}: not UTF-8 (byte {data[error.start]:#04x})", remedy=remedy
        ) from error


def split_lines(text: str) -> list[str]:
    """The lines of a text as editors count them: only line feeds and carriage returns end one."""
    return re.split(r"\r\n|\n|\r", text)
