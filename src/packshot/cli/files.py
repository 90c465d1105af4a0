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
    copied = copied_data(value)
    if copied is not None:
        return copied
    if not Path(value).exists():
        raise UsageError(f"{value}: no such folder", remedy="name the folder with the pictures, or set PACKSHOT_DATA")
    return Path(value)


def copied_data(value: str) -> Path | None:
    """The copy of labelled pictures that a URI names, brought up to date; None for a path.

    Raises:
        UsageError: nothing is there, or there is no folder for copies.
        StorageError: the bucket cannot be used.
    """
    from packshot.storage.objects import is_object_uri, local_copy

    if not is_object_uri(value):
        return None
    from packshot.settings import Settings

    copies = Settings().data_copies
    if copies is None:
        raise UsageError("this user has no folder for data", remedy="name a folder in PACKSHOT_DATA_COPIES")
    return local_copy(value, copies, tell=lambda line: click.echo(line, err=True))


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
