"""Whether a folder is a catalogue or can become one, told without the library behind it."""

from __future__ import annotations

from pathlib import Path

from packshot.catalogue.store.pointer import STATE_FILES, Pointer
from packshot.errors import OutputError, UsageError
from packshot.records import is_run_folder

__all__ = ["LOCK", "LOCK_OWNER", "check_folder", "has_catalogue"]

LOCK = "writer.lock"
"""Held by who writes to a catalogue."""
LOCK_OWNER = "writer.json"
"""Who that is, for messages."""


def has_catalogue(folder: Path) -> bool:
    """Whether a folder is a catalogue; False where one can begin: in an empty folder, or where there is none yet.

    Raises:
        UsageError: something else lies there.
        OutputError: it cannot be read.
        CatalogueDamaged: the file that names its table cannot be read.
    """
    _refuse_file(folder)
    try:
        ours = {LOCK, LOCK_OWNER} | STATE_FILES
        # Listed first: another writer may make the table in between, and would be taken for something else.
        others = sorted({entry.name for entry in folder.iterdir()} - ours) if folder.exists() else []
        if _has_table(folder):
            return True
    except OSError as error:
        raise _not_made(folder, error) from error
    if not others:
        return False
    remedy = "name a catalogue, or a new or an empty folder"
    if is_run_folder(folder):
        remedy = f"a run wrote there; make a catalogue of it: packshot index {folder} -c CATALOGUE"
    raise UsageError(f"{folder} is no catalogue: it holds {others[0]!r}", remedy=remedy)


def check_folder(folder: Path, *, create: bool) -> None:
    """Refuse a folder that holds no catalogue, or make one where none is.

    Raises:
        UsageError: there is none and `create` is false, or something else lies there.
        OutputError: it cannot be made.
        CatalogueDamaged: the file that names its table cannot be read.
    """
    if not create:
        _refuse_file(folder)
        if not _has_table(folder):
            raise UsageError(f"there is no catalogue in {folder}", remedy="make one: packshot index PHOTOS -c FOLDER")
        return
    if not has_catalogue(folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _not_made(folder, error) from error


def _has_table(folder: Path) -> bool:
    return folder.is_dir() and (folder / f"{Pointer(str(folder)).read().table}.lance").is_dir()


def _refuse_file(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: a catalogue is a folder", remedy="name another place")


def _not_made(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the catalogue {folder} could not be made ({error.strerror or error})", remedy="name another place"
    )
