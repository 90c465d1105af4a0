"""Results whose photo is gone: listed by name, and moved to a trash folder on request; nothing is deleted.

``OUT/orphans.jsonl`` has a line for each: ``stem``, ``source``, ``files``. ``OUT/trash/`` keeps their paths, so that
moving them back is all it takes to undo.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

from packshot.batch.journal import Journal
from packshot.batch.sources import TRASH
from packshot.storage.atomic import output_error, write_atomic
from packshot.storage.lock import STATE_FOLDER

__all__ = ["ORPHANS", "Orphan", "find_orphans", "prune", "prune_profiles", "read_orphans", "write_orphans"]

ORPHANS = "orphans.jsonl"


@dataclass(frozen=True, slots=True)
class Orphan:
    """What is left of a photo that is gone.

    Attributes:
        stem: where its results lie.
        source: the photo as it was named when they were made.
        files: paths below the output folder.
    """

    stem: str
    source: str
    files: tuple[str, ...]


def find_orphans(journal: Journal, out: Path, *, current: Collection[str]) -> list[Orphan]:
    """Results in the folder whose photo is nowhere any more. One that this run was not asked for is none of them.

    Args:
        journal: of the folder.
        out: the output folder.
        current: stems of the photos of this run.
    """
    found = []
    for stem in journal:
        entry = None if stem in current else journal.get(stem)
        if entry is not None and not os.path.lexists(entry.path):
            files = tuple(file for file in entry.files if (out / file).is_file())
            found.append(Orphan(stem, entry.record.source, files))
    return found


def read_orphans(out: Path) -> list[Orphan]:
    """The list that a run wrote; empty where it wrote none, or it is damaged."""
    try:
        rows = [json.loads(line) for line in (out / ORPHANS).read_bytes().splitlines()]
        return [Orphan(str(row["stem"]), str(row["source"]), tuple(map(str, row["files"]))) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def write_orphans(out: Path, orphans: Sequence[Orphan]) -> None:
    """Write the list, or remove that of an earlier run where there are none.

    Raises:
        OutputError: it could not be written.
    """
    path = out / ORPHANS
    if orphans:
        lines = (json.dumps(asdict(orphan)).encode("ascii") + b"\n" for orphan in orphans)
        write_atomic(path, b"".join(lines))
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def prune(out: Path, orphans: Iterable[Orphan], journal: Journal) -> int:
    """Move what is left of photos that are gone to the trash, and forget them. Repeat it after a kill: it goes on.

    Returns:
        How many files were moved.

    Raises:
        OutputError: a file could not be moved.
    """
    moved = 0
    for orphan in orphans:
        moved += sum(_to_trash(out, file) for file in orphan.files)
        journal.forget(orphan.stem)
    return moved


def prune_profiles(out: Path, profiles: Collection[str], journal: Journal) -> int:
    """Move the pictures of profiles that nobody asks for any more to the trash; as `prune`."""
    moved = 0
    for stem in journal:
        entry = journal.get(stem)
        gone = {} if entry is None else {name: made for name, made in entry.packshots.items() if name in profiles}
        if entry is not None and gone:
            moved += sum(_to_trash(out, file) for made in gone.values() for file in made.outputs)
            left = {name: made for name, made in entry.packshots.items() if name not in gone}
            journal.append(replace(entry, packshots=left))
    return moved


def _to_trash(out: Path, file: str) -> bool:
    # A trash folder is no output folder: what packshot keeps for itself has another name there.
    parts = ["state" if part == STATE_FOLDER else part for part in PurePosixPath(file).parts]
    target = out.joinpath(TRASH, *parts)
    number = 1
    while os.path.lexists(target):
        number += 1
        target = out.joinpath(TRASH, *parts[:-1], f"{Path(parts[-1]).stem} ({number}){Path(parts[-1]).suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        (out / file).rename(target)
    except (FileNotFoundError, NotADirectoryError):
        return False  # moved already, before a kill
    except OSError as error:
        raise output_error(target, error) from error
    return True
