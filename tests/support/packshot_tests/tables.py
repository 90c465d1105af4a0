"""Tables that a person wrote."""

from __future__ import annotations

from pathlib import Path


def table(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Lines as a file of text."""
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path
