"""From what was typed on the command line to a sorted list of inputs.

A source is a file, a folder (walked, every file with a photo's suffix) or a glob. A file that was named but
is not there is still an input: it fails by itself, with its reason, and the rest goes on.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import UsageError
from packshot.storage.lock import STATE_FOLDER

__all__ = ["PRODUCT_FOLDERS", "STATE_FOLDER", "Source", "find_sources"]

PRODUCT_FOLDERS = frozenset({"packshots", "cutouts", "masks", "heatmaps", "catalogue", "review"})
"""What runs and reviews write into an output folder; never taken as input by a later run."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One input of a batch.

    Attributes:
        relative: where the input lies below the folder that was named, with ``/``; its file name alone if the
            file itself was named. Kept in the output folder.
        path: as it was given, joined with `relative`; what a person is shown.
        root: the name of the folder `relative` starts from, to tell two folders apart.
    """

    relative: str
    path: str
    root: str = ""


def find_sources(
    sources: Iterable[str | Path], *, out: Path | None = None, suffixes: frozenset[str] | None = None
) -> list[Source]:
    """Resolve files, folders and globs to inputs, sorted by relative path, each path once.

    Hidden files and folders, and the results of earlier runs, are left out of folders and globs. Links are
    followed; a folder that can be reached twice is walked once.

    Args:
        sources: files, folders or globs (``**`` crosses folders).
        out: the output folder of this run; its results are never inputs.
        suffixes: lower-case suffixes with their dot that count as photos; packshot's own by default.

    Raises:
        UsageError: there is nothing to do, or a result of an earlier run is named as an input.

    Example:
        >>> find_sources(["no/such/photo.jpg"])
        [Source(relative='photo.jpg', path='no/such/photo.jpg', root='no/such')]
    """
    if suffixes is None:
        from packshot.photo import SUFFIXES  # noqa: PLC0415  # brings Pillow, needed by folders only

        suffixes = frozenset(SUFFIXES)
    named = [os.fspath(source) for source in sources]
    found: dict[Path, Source] = {}
    for name in named:
        for source in _expand(name, out=out, suffixes=suffixes):
            # A photo named twice keeps its longer relative path, whichever came first.
            file = _identity(Path(source.path))
            found[file] = max(source, found.get(file, source), key=lambda one: (one.relative.count("/"), one))
    if not found:
        what = ", ".join(named) or "nothing"
        kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in suffixes))
        raise UsageError(
            f"no photos found in {what}", remedy=f"name a file, folder or glob that holds photos ({kinds})"
        )
    return sorted(found.values())


def _identity(path: Path) -> Path:
    # A link to a photo is a photo of its own, with its own name.
    return path.absolute() if path.is_symlink() else path.resolve()


def _expand(name: str, *, out: Path | None, suffixes: frozenset[str]) -> Iterator[Source]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, path, out=out, suffixes=suffixes)
    elif os.path.lexists(path) or not glob.has_magic(name):
        if out is not None and _is_result(path, out):
            raise UsageError(
                f"{name} is a result of an earlier run into {out}",
                remedy="name the photo it was made from, or another output folder",
            )
        yield Source(relative=path.name, path=name, root=path.parent.as_posix())
    else:
        yield from _match(name, out=out, suffixes=suffixes)


def _match(pattern: str, *, out: Path | None, suffixes: frozenset[str]) -> Iterator[Source]:
    parts = Path(pattern).parts
    fixed = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:fixed])
    for match in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207  # Path.glob takes no absolute pattern
        path = Path(match)
        if _is_result(path, out):
            continue
        if path.is_dir():
            # With ** the files below a folder are matches themselves.
            if "**" not in parts:
                yield from _walk(path, root, out=out, suffixes=suffixes)
        elif path.suffix.lower() in suffixes:
            relative = path.relative_to(root).as_posix()
            yield Source(relative=relative, path=str(path), root=root.as_posix())


def _walk(top: Path, root: Path, *, out: Path | None, suffixes: frozenset[str]) -> Iterator[Source]:
    """Every photo below `top`: real folders first, then linked ones that were not seen yet."""
    seen: set[tuple[int, int]] = set()
    real, linked = [top], list[Path]()
    while real or linked:
        folder = real.pop() if real else linked.pop(0)
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            # An unreadable folder is named in the results like an unreadable file.
            yield _source(folder, root)
            continue
        holds_results = STATE_FOLDER in {entry.name for entry in entries}
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith(".") or (holds_results and entry.name in PRODUCT_FOLDERS):
                continue
            if path.is_dir():
                if not _is_result(path, out):
                    (linked if entry.is_symlink() else real).append(path)
            elif path.suffix.lower() in suffixes:
                yield _source(path, root)


def _source(path: Path, root: Path) -> Source:
    # Path.resolve for "." and "..", whose name is empty.
    name = root.resolve().name
    return Source(relative=path.relative_to(root).as_posix(), path=str(path), root=name)


def _is_result(path: Path, out: Path | None) -> bool:
    """Whether `path` lies in (or is) a folder of results: of this run, or of any run that left its state."""
    here = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow a link out of the folder
    if out is not None:
        mine = Path(os.path.abspath(out))  # noqa: PTH100
        if here.is_relative_to(mine) and here != mine and here.relative_to(mine).parts[0] in PRODUCT_FOLDERS:
            return True
    return any(
        parent.name in PRODUCT_FOLDERS and (parent.parent / STATE_FOLDER).is_dir() for parent in (here, *here.parents)
    )
