"""What persons decided of a run in shards: read from ``OUT/review`` when a command begins, and obeyed as on a disk.

A decision is on a photo's content, so a row tells by itself whether its pictures are what was decided: by the SHA-256
of the photo and the key of the correction they were made with.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from packshot.batch.deciding import Corrections, Decided
from packshot.batch.journal import Brief
from packshot.batch.resume import RETRIED
from packshot.decisions import Correction, DecisionFolder
from packshot.errors import ObjectNotFound
from packshot.sharded.entries import Row
from packshot.storage.atomic import write_atomic
from packshot.storage.objects import ObjectFolder

__all__ = ["ShardDecisions", "bring_masks"]


class ShardDecisions:
    """The decisions of an output folder as they are now; who decides later is obeyed by the next command.

    Args:
        folder: the output folder.
        scratch: a folder on this machine's disk, for a copy of the log.

    Raises:
        UsageError: the log is damaged.
        StorageError: the bucket cannot be used.
    """

    def __init__(self, folder: ObjectFolder, scratch: Path) -> None:
        local = DecisionFolder(scratch / "decided")
        with contextlib.suppress(ObjectNotFound):
            write_atomic(local.journal, folder.read(_below(local, local.journal))[0])
        self._decided = Decided(local.out)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever decided."""
        return self._decided.is_empty

    def corrections(self) -> Corrections:
        """What is made otherwise than it was found."""
        return self._decided.corrections()

    def outdates(self, row: Row) -> bool:
        """Whether the pictures of a row are other ones than was decided, or could not be made as they were.

        A photo that ended its worker or took too long is none of these: how often it is tried counts.
        """
        record = row.record
        if record is None or (record.error is not None and record.error.code in RETRIED):
            return False
        return self._decided.outdates(Brief.of_record(record), retry=True)

    def settle(self, row: Row) -> Row:
        """A row whose line says what was decided of it."""
        if row.record is None:
            return row
        return replace(row, record=self._decided.settled(row.record, row.outputs))


def bring_masks(wanted: Correction, folder: ObjectFolder, out: Path) -> None:
    """Bring the mask and the strokes of a correction from the bucket; what is gone there is missed where it is used.

    Args:
        wanted: the correction.
        folder: the output folder, which keeps them.
        out: a folder of this machine's disk that stands for it.

    Raises:
        StorageError: the bucket cannot be used.
    """
    if wanted.mask is None:
        return
    local = DecisionFolder(out)
    named = [(local.mask, wanted.mask.drawn), (local.strokes, wanted.mask.strokes)]
    for path in [place(sha256) for place, sha256 in named if sha256 is not None]:
        with contextlib.suppress(ObjectNotFound):
            write_atomic(path, folder.read(_below(local, path))[0])


def _below(local: DecisionFolder, path: Path) -> str:
    return path.relative_to(local.out).as_posix()
