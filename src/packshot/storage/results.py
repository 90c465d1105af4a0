"""Which pictures in a folder packshot made, so that no later command takes its own results for photos.

A folder keeps the list in ``.packshot-results``: a JSON string a line, the path of a result below the folder, with
``/``. A name is listed before its file is written, so a killed command leaves no result that is not listed.
"""

from __future__ import annotations

import functools
import json
import os
import threading
from pathlib import Path, PurePath

from packshot.storage.atomic import output_error, write_atomic

__all__ = ["RESULT_LIST", "listed_results", "write_result"]

RESULT_LIST = ".packshot-results"


def write_result(path: Path, data: bytes, *, folder: Path | None = None) -> None:
    """Write a picture that packshot made, whole or not at all, and list it as a result.

    Args:
        path: of the picture.
        data: the file.
        folder: the output folder, which keeps the list; by default the picture's own.

    Raises:
        OutputError: it could not be written; nothing is left behind.
    """
    top = path.parent if folder is None else folder
    _list_of(os.path.abspath(top)).add(PurePath(os.path.relpath(path, top)).as_posix())  # noqa: PTH100  # no links
    write_atomic(path, data)


def listed_results(folder: Path) -> frozenset[str]:
    """The paths below `folder` that its list names, with ``/``; none where there is no list, or none to be read."""
    try:
        lines = (folder / RESULT_LIST).read_bytes().splitlines()
    except OSError:
        return frozenset()
    found = set()
    for line in lines:
        try:
            name = json.loads(line)
        except ValueError:
            continue  # the end of a line whose writer was killed
        if isinstance(name, str):
            found.add(name)
    return frozenset(found)


class _ResultList:
    """The list of one folder, appended to by this process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / RESULT_LIST
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def add(self, name: str) -> None:
        with self._lock:
            if not self._path.exists():  # not there yet, or somebody emptied the folder
                self._known.clear()
            elif not self._known:
                self._known |= listed_results(self._path.parent)
            if name in self._known:
                return
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("ab") as file:
                    # ASCII, as a name need not be valid UTF-8; a line break first ends a line that was torn.
                    file.write(b"\n" * bool(file.tell()) + json.dumps(name).encode("ascii"))
            except PermissionError:
                return  # somebody else's folder: if the picture cannot be written either, that says so
            except OSError as error:
                raise output_error(self._path.parent, error) from error
            self._known.add(name)


@functools.lru_cache(maxsize=64)
def _list_of(folder: str) -> _ResultList:
    return _ResultList(Path(folder))
