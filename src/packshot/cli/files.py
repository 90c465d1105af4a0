"""Files that a command is given, or writes."""

from __future__ import annotations

from pathlib import Path

import click

from packshot.errors import UsageError

__all__ = ["copied_data", "existing_data", "existing_file", "new_file", "required_suffix"]


def existing_file(value: str | None) -> Path | None:
    """A path that must exist.

    Raises:
        UsageError: it does not.
    """
    if value is None:
        return None
    path = Path(value)
    if not path.is_file():
        raise UsageError(f"{value}: no such file", remedy="check the path")
    return path


def existing_data(value: str) -> Path:
    """Where labelled pictures lie; those in a bucket are copied first.

    Raises:
        UsageError: nothing is there.
        StorageError: the bucket cannot be used.
    """
    path = copied_data(value)
    if not path.exists():
        raise UsageError(f"{value}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")
    return path


def copied_data(value: str) -> Path:
    """Where labelled pictures lie, or should; see `packshot.datasets.local_data`. What is copied is told on stderr."""
    from packshot.datasets.local_data import local_data

    return local_data(value, tell=lambda line: click.echo(line, err=True))


def new_file(value: str) -> Path:
    """A path that must not exist.

    Raises:
        UsageError: it does.
    """
    if Path(value).exists():
        raise UsageError(f"{value} exists, and is not overwritten", remedy="name another file with -o, or remove it")
    return Path(value)


def required_suffix(option: str, path: str, *suffixes: str) -> str:
    """The end of a file's name, in small letters, which says what is written.

    Args:
        option: that the file was named with.
        path: of the file.
        suffixes: those that are known: ``.html``.

    Raises:
        UsageError: it is another one.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        known = ", ".join(suffixes)
        raise UsageError(
            f"{option} {path}: expected a name ending in {known}", remedy=f"for example {option} NAME{suffixes[0]}"
        )
    return suffix
