"""Whole files or none: write beside the target, flush to the disk, then rename over it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from packshot.errors import OutputError

__all__ = ["atomic_file", "ends_the_run", "output_error", "put_in_place", "remove_stale", "write_atomic"]

_TEMPORARY = ".packshot-tmp"

# Errors of one file's name or place; any other one (no space, no permission, a broken disk) would meet the
# next file just the same.
_OF_ONE_FILE = frozenset({errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EISDIR, errno.ENOTDIR})

_REMEDIES = {
    errno.ENOSPC: "free some space, then repeat the command: finished photos are kept",
    errno.EDQUOT: "free some of your quota, then repeat the command: finished photos are kept",
    errno.EACCES: "allow writing to the folder, or choose another one with -o",
    errno.EPERM: "allow writing to the folder, or choose another one with -o",
    errno.EROFS: "choose an output folder on a disk that can be written",
    errno.ENAMETOOLONG: "shorten the photo's name or its folders' names",
}


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """Open `path` for writing so that it appears complete or not at all.

    Args:
        path: the file to make or replace; its folder is made if it is missing.

    Raises:
        OutputError: it could not be written; nothing is left behind.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}{_TEMPORARY}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # os.open and not mkstemp: the user's umask decides who may read a result.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_atomic(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all.

    Raises:
        OutputError: it could not be written; nothing is left behind.
    """
    with atomic_file(path) as file:
        file.write(data)


def put_in_place(finished: Path, target: Path) -> None:
    """Rename a file that was written elsewhere over `target`, once it is on the disk.

    Args:
        finished: the file, on the same file system.
        target: where it shall be; replaced if it is there.

    Raises:
        OSError: it could not be; `target` stays as it was.
    """
    with finished.open("rb+") as file:
        os.fsync(file.fileno())
    finished.replace(target)


def output_error(path: Path, error: OSError) -> OutputError:
    """The error a person is told when `path` could not be written."""
    remedy = _REMEDIES.get(error.errno or 0, "check the disk and the folder, then repeat the command")
    failure = OutputError(f"{path} could not be written ({error.strerror or error})", remedy=remedy)
    failure.__cause__ = error
    return failure


def ends_the_run(error: OutputError) -> bool:
    """Whether the next file would fail for the same reason: no space, no permission."""
    cause = error.__cause__
    return not (isinstance(cause, OSError) and cause.errno in _OF_ONE_FILE)


def remove_stale(out: Path, *, below: Iterable[str]) -> int:
    """Remove the temporary files of killed runs; call it only while holding the folder's lock.

    Args:
        out: the output folder; of its own files, those a run was writing.
        below: its folders that runs write to, searched whole. Any other one is somebody else's.

    Returns:
        How many were removed.
    """
    removed = 0
    walks = [next(os.walk(out), None), *(step for name in below for step in os.walk(out / name))]
    for parent, _, names in filter(None, walks):
        for name in names:
            if name.endswith(_TEMPORARY):
                with contextlib.suppress(OSError):
                    (Path(parent) / name).unlink()
                    removed += 1
    return removed
