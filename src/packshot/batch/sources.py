"""From what was typed on the command line to a sorted list of inputs.

A source is a file, a folder (walked) or a glob. In folders and globs a file counts if it has a photo's suffix, or if
its first bytes are those of a photo; of the rest is said what it is. A file that was named but is not there is still
an input: it fails by itself, with its reason, and the rest goes on.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packshot.errors import UsageError
from packshot.storage.lock import STATE_FOLDER

__all__ = ["PRODUCT_FOLDERS", "STATE_FOLDER", "TRASH", "PassedOver", "Source", "find_sources", "passed_over_lines"]

PRODUCT_FOLDERS = frozenset({"packshots", "channels", "cutouts", "masks", "heatmaps", "catalogue", "review", "trash"})
"""What runs and reviews write into an output folder; never taken as input by a later run."""


TRASH = "trash"
"""Where `--prune` moves what is left of photos that are gone."""

_UNFINISHED = frozenset({".crdownload", ".download", ".opdownload", ".part", ".partial", ".tmp"})
_RESULTS = PRODUCT_FOLDERS | {"manifest.jsonl", "orphans.jsonl", "report.html"}
_HEAD_BYTES = 512
_NAMED = 3  # so many files of a kind are named, the rest counted


@dataclass(frozen=True, slots=True, order=True)
class PassedOver:
    """A file in a folder or glob that is no input.

    Attributes:
        reason: what it is, in words.
        path: of the file.
    """

    reason: str
    path: str


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
    sources: Iterable[str | Path],
    *,
    out: Path | None = None,
    suffixes: frozenset[str] | None = None,
    passed_over: list[PassedOver] | None = None,
) -> list[Source]:
    """Resolve files, folders and globs to inputs, sorted by relative path, each path once.

    Hidden files and folders, and the results of earlier runs, are left out of folders and globs. Links are
    followed; a folder that can be reached twice is walked once.

    Args:
        sources: files, folders or globs (``**`` crosses folders).
        out: the output folder of this run; its results are never inputs.
        suffixes: lower-case suffixes with their dot that count as photos without a look at the content; packshot's
            own by default.
        passed_over: gets each file in a folder or glob that is no photo, with what it is; a hidden one and a result
            do not count.

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
    left: list[PassedOver] = []
    for name in named:
        for source in _expand(name, out=out, suffixes=suffixes, left=left):
            # A photo named twice keeps its longer relative path, whichever came first.
            file = _identity(Path(source.path))
            found[file] = max(source, found.get(file, source), key=lambda one: (one.relative.count("/"), one))
    left = sorted(set(left))
    if passed_over is not None:
        passed_over += left
    if not found:
        what = ", ".join(named) or "nothing"
        what += f" ({'; '.join(passed_over_lines(left))})" if left else ""
        kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in suffixes))
        raise UsageError(
            f"no photos found in {what}", remedy=f"name a file, folder or glob that holds photos ({kinds})"
        )
    return sorted(found.values())


def _identity(path: Path) -> Path:
    # A link to a photo is a photo of its own, with its own name.
    return path.absolute() if path.is_symlink() else path.resolve()


def passed_over_lines(passed_over: Iterable[PassedOver]) -> list[str]:
    """One line for each reason: how many files, and the names of the first.

    Example:
        >>> passed_over_lines([PassedOver("text", "in/list.csv")])
        ['passed over 1 file, text: list.csv']
    """
    kinds: dict[str, list[str]] = {}
    for one in passed_over:
        kinds.setdefault(one.reason, []).append(Path(one.path).name)
    lines = []
    for reason, names in kinds.items():
        shown = ", ".join(name.encode("utf-8", "backslashreplace").decode() for name in names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lines.append(f"passed over {len(names)} file{'s' * (len(names) > 1)}, {reason}: {shown}{more}")
    return lines


def _is_photo(path: Path, suffixes: frozenset[str], left: list[PassedOver]) -> bool:
    """Whether a file counts; if not, `left` gets the reason."""
    suffix = path.suffix.lower()
    if suffix in suffixes:
        return True
    reason = "an unfinished download" if suffix in _UNFINISHED else _foreign(path)
    if reason is not None:
        left.append(PassedOver(reason, str(path)))
    return reason is None


def _foreign(path: Path) -> str | None:
    """What a file is that does not begin as a photo; None for a photo."""
    from packshot.photo.sniff import describe, recognise  # noqa: PLC0415  # brings Pillow, needed by odd names only

    try:
        # A named pipe would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return "no regular file"
            head = os.read(descriptor, _HEAD_BYTES)
        finally:
            os.close(descriptor)
    except OSError as error:
        return f"unreadable ({error.strerror or type(error).__name__})"
    if not head:
        return "an empty file"
    return describe(head) if recognise(head) is None else None


def _expand(name: str, *, out: Path | None, suffixes: frozenset[str], left: list[PassedOver]) -> Iterator[Source]:
    path = Path(name)
    if path.is_dir():
        yield from _walk(path, path, out=out, suffixes=suffixes, left=left)
    elif os.path.lexists(path) or not glob.has_magic(name):
        if out is not None and _is_result(path, out):
            raise UsageError(
                f"{name} is a result of an earlier run into {out}",
                remedy="name the photo it was made from, or another output folder",
            )
        yield Source(relative=path.name, path=name, root=path.parent.as_posix())
    else:
        yield from _match(name, out=out, suffixes=suffixes, left=left)


def _match(pattern: str, *, out: Path | None, suffixes: frozenset[str], left: list[PassedOver]) -> Iterator[Source]:
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
                yield from _walk(path, root, out=out, suffixes=suffixes, left=left)
        elif not path.name.startswith(".") and _is_photo(path, suffixes, left):
            relative = path.relative_to(root).as_posix()
            yield Source(relative=relative, path=str(path), root=root.as_posix())


def _walk(
    top: Path, root: Path, *, out: Path | None, suffixes: frozenset[str], left: list[PassedOver]
) -> Iterator[Source]:
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
            if entry.name.startswith(".") or (holds_results and entry.name in _RESULTS):
                continue
            if path.is_dir():
                if not _is_result(path, out):
                    (linked if entry.is_symlink() else real).append(path)
            elif _is_photo(path, suffixes, left):
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
