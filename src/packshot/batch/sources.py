"""From what was typed on the command line to a list of inputs.

A source is a file, a folder (walked) or a glob; where a command allows it, the URI of a bucket's folder, too. In
folders and globs a file counts if it has a photo's suffix, or if its first bytes are those of a photo; of the rest is
said what it is. A file that was named but is not there is still an input: it fails by itself, with its reason, and the
rest goes on. What packshot made itself is an input only where it was asked for, see `packshot.batch.own_results`.
"""

from __future__ import annotations

import contextlib
import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packshot.batch.object_sources import photos_in_bucket
from packshot.batch.own_results import PRODUCT_FOLDERS, OwnResults, is_folder
from packshot.batch.passed_over import PassedOver, passed_over_lines
from packshot.errors import UsageError
from packshot.storage.encodable import printable
from packshot.storage.lock import STATE_FOLDER
from packshot.storage.objects import is_object_uri

__all__ = ["STDIN", "TRASH", "Source", "find_sources", "sources_left"]

STDIN = "-"
"""Names the photo that comes in on stdin."""

TRASH = "trash"
"""Where `--prune` moves what is left of photos that are gone."""

_UNFINISHED = frozenset({".crdownload", ".download", ".opdownload", ".part", ".partial", ".tmp"})
_RESULTS = PRODUCT_FOLDERS | {"manifest.jsonl", "orphans.jsonl", "report.html"}
_HEAD_BYTES = 512


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

    @property
    def shown(self) -> str:
        """Its name as it can be printed anywhere: on one line, without control characters."""
        return "stdin" if self.path == STDIN else printable(self.path)


def find_sources(
    sources: Iterable[str | Path],
    *,
    out: Path | None = None,
    pictures: Path | None = None,
    stdin: bool = False,
    objects: bool = False,
    suffixes: frozenset[str] | None = None,
    passed_over: list[PassedOver] | None = None,
    as_named: bool = False,
) -> list[Source]:
    """Resolve files, folders and globs to inputs, sorted by relative path, each path once.

    Hidden files and folders are left out of folders and globs, and so are packshot's own results, unless they were
    asked for. Links are followed; a folder that can be reached twice is walked once.

    Args:
        sources: files, folders or globs (``**`` crosses folders).
        out: the output folder of this run; its results are never inputs.
        pictures: the folder another command writes its pictures to; those that are there are never inputs.
        stdin: whether ``-`` stands for the photo that comes in there; it is refused otherwise.
        objects: whether URIs of buckets and folders stand for the photos there; they are refused otherwise.
        suffixes: lower-case suffixes with their dot that count as photos without a look at the content; packshot's
            own by default.
        passed_over: gets each file in a folder or glob that is no photo or was made by packshot, with what it is;
            hidden ones, results of runs, and what this command itself made do not count.
        as_named: whether they come in the order in which they were named instead, those of one folder or glob sorted by
            relative path; a photo that is named twice comes where it was named first.

    Raises:
        UsageError: there is nothing to do, a name is empty, or a result of an earlier run is named as an input.
        StorageError: a bucket cannot be used.

    Example:
        >>> find_sources(["no/such/photo.jpg"])
        [Source(relative='photo.jpg', path='no/such/photo.jpg', root='no/such')]
    """
    if suffixes is None:
        from packshot.photo import SUFFIXES  # noqa: PLC0415  # brings Pillow, needed by folders only

        suffixes = frozenset(SUFFIXES)
    named = [os.fspath(source) for source in sources]
    own = OwnResults(out=out, pictures=pictures)
    found: dict[Path, Source] = {}
    left: list[PassedOver] = []
    for name in named:
        if not name:  # as a path it would be the current folder
            raise UsageError("the name of a photo is empty", remedy="name a file, folder or glob")
        if name == STDIN:
            found[Path(STDIN)] = _standard_input(allowed=stdin)
            continue
        if is_object_uri(name):
            _merge(found, _objects(name, suffixes, left, allowed=objects))
            continue
        _merge(found, sorted(_photos(name, own=own, suffixes=suffixes, left=left)))
    left = sorted(set(left))
    if passed_over is not None:
        passed_over += left
    if not found:
        what = ", ".join(named) or "nothing"
        what += f" ({'; '.join(passed_over_lines(left))})" if left else ""
        kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in suffixes))
        run = next((name for name in named if (Path(name) / STATE_FOLDER).is_dir()), None)
        remedy = f"name a file, folder or glob that holds photos ({kinds})"
        raise UsageError(
            f"no photos found in {what}",
            remedy=remedy if run is None else f"name the pictures of that run: {Path(run) / 'packshots'}",
        )
    return list(found.values()) if as_named else sorted(found.values())


def sources_left(
    sources: Iterable[str | Path], *, out: Path, passed_over: list[PassedOver] | None = None
) -> list[Source]:
    """Those photos of an earlier run that are still there, as `find_sources` gives them; none is no error."""
    found: dict[Path, Source] = {}
    passed: list[PassedOver] = []
    for source in sources:
        with contextlib.suppress(UsageError):
            _merge(found, find_sources([source], out=out, passed_over=passed))
    if passed_over is not None:
        passed_over += sorted(set(passed))
    return [source for source in sorted(found.values()) if os.path.lexists(source.path)]


def _merge(found: dict[Path, Source], sources: Iterable[Source]) -> None:
    """Add photos; one that is named twice keeps its longer relative path, whichever came first."""
    for source in sources:
        file = _identity(Path(source.path))
        found[file] = max(source, found.get(file, source), key=lambda one: (one.relative.count("/"), one))


def _objects(name: str, suffixes: frozenset[str], left: list[PassedOver], *, allowed: bool) -> Iterator[Source]:
    if not allowed:
        raise UsageError(
            f"{name} is an address, and this command works with what lies on this machine's disks",
            remedy="copy the photos here first",
        )
    photos, others = photos_in_bucket(name, suffixes)
    left += [PassedOver("no photo by its name", other) for other in others]
    for relative, uri in photos:
        yield Source(relative=relative, path=uri, root=name)


def _standard_input(*, allowed: bool) -> Source:
    if not allowed:
        raise UsageError(
            "- stands for stdin, and this command reads files only",
            remedy="save the photo to a file; cutout, frame, classify, check and search read -",
        )
    if sys.stdin is not None and sys.stdin.isatty():
        raise UsageError(
            "- stands for stdin, which is a terminal", remedy="pipe a photo in: cat a.jpg | packshot ... -"
        )
    return Source(relative="stdin", path=STDIN)


def _identity(path: Path) -> Path:
    # A link to a photo is a photo of its own, with its own name.
    return path.absolute() if os.path.islink(path) else path.resolve()  # noqa: PTH114  # which raises at long names


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


def _photos(name: str, *, own: OwnResults, suffixes: frozenset[str], left: list[PassedOver]) -> list[Source]:
    """The inputs that one name stands for, without results that were not asked for."""
    path = Path(name)
    if is_folder(path):
        own.refuse_as_source(path)
        found = list(_walk(path, path, own=own, suffixes=suffixes, left=left))
    elif os.path.lexists(path) or not glob.has_magic(name):
        own.refuse_as_source(path)
        return [Source(relative=path.name, path=name, root=path.parent.as_posix())]
    else:
        path = _fixed_part(name)
        found = list(_match(name, path, own=own, suffixes=suffixes, left=left))
    results = {source for source in found if own.is_listed(Path(source.path))}
    mine = {source for source in results if own.is_listed_here(Path(source.path))}
    if len(results) == len(found) and not mine and own.holds_listed(path):
        return found  # nothing but results lie there: they were meant
    photos = [source for source in found if source not in results]
    # What this command made before need not be told again and again, unless there is nothing else.
    left += [PassedOver("made by packshot", source.path) for source in (results - mine if photos else results)]
    return photos


def _fixed_part(pattern: str) -> Path:
    parts = Path(pattern).parts
    return Path(*parts[: next(index for index, part in enumerate(parts) if glob.has_magic(part))])


def _match(
    pattern: str, root: Path, *, own: OwnResults, suffixes: frozenset[str], left: list[PassedOver]
) -> Iterator[Source]:
    asked = own.is_of_run(root)
    for match in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207  # Path.glob takes no absolute pattern
        path = Path(match)
        if own.is_of_this_run(path) or (not asked and own.is_of_run(path)):
            continue
        if is_folder(path):
            # With ** the files below a folder are matches themselves.
            if "**" not in Path(pattern).parts:
                yield from _walk(path, root, own=own, suffixes=suffixes, left=left)
        elif not path.name.startswith(".") and _is_photo(path, suffixes, left):
            relative = path.relative_to(root).as_posix()
            yield Source(relative=relative, path=str(path), root=root.as_posix())


def _walk(
    top: Path, root: Path, *, own: OwnResults, suffixes: frozenset[str], left: list[PassedOver]
) -> Iterator[Source]:
    """Every photo below `top`: real folders first, then linked ones that were not seen yet."""
    asked = own.is_of_run(top)
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
            if is_folder(path):
                if not own.is_of_this_run(path) and (asked or not own.is_of_run(path)):
                    (linked if entry.is_symlink() else real).append(path)
            elif _is_photo(path, suffixes, left):
                yield _source(path, root)


def _source(path: Path, root: Path) -> Source:
    # Path.resolve for "." and "..", whose name is empty.
    name = root.resolve().name
    return Source(relative=path.relative_to(root).as_posix(), path=str(path), root=name)
