"""What is kept of a batch: one JSON file, written whole at every change of its state."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from packshot.service.webhooks.hook import Hook
from packshot.storage import write_atomic

__all__ = ["BatchRecord", "BatchState", "read_batch"]

_FILE = "job.json"


class BatchState(StrEnum):
    """Where a batch is on its way."""

    #: Photos are being sent.
    OPEN = "open"
    #: It begins as soon as there is room for it.
    QUEUED = "queued"
    RUNNING = "running"
    #: Every photo was tried; some may have failed.
    DONE = "done"
    #: Somebody stopped it; what was finished stays.
    CANCELLED = "cancelled"
    #: It could not go on: the disk is full, a network cannot be used.
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self in {BatchState.DONE, BatchState.CANCELLED, BatchState.FAILED}


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BatchRecord(_Kept):
    """A batch.

    Attributes:
        id: 32 random hexadecimal digits: nobody can guess it.
        owner: name of the key that made it; None where no key is asked for.
        state: where it is on its way.
        profiles: names of marketplace profiles.
        names: what its photos are called by who sent them, in the order they came.
        photo_bytes: of all photos.
        created: when.
        started: when it began to run first.
        ended: when nothing more happened.
        done: photos that were tried.
        counts: status of a photo to their number.
        error: why it failed; a code.
        hook: who is told.
        results: URI below which its pictures are put when it has run; None where they stay here alone.
    """

    version: int = 1
    id: str = Field(pattern="^[0-9a-f]{32}$")
    owner: str | None
    state: BatchState
    profiles: tuple[str, ...]
    names: tuple[str, ...] = ()
    photo_bytes: int = 0
    created: AwareDatetime
    started: AwareDatetime | None = None
    ended: AwareDatetime | None = None
    done: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    error: str | None = None
    hook: Hook | None = None
    results: str | None = None

    def row(self) -> dict[str, object]:
        """As JSON has it, without the owner."""
        row = self.model_dump(mode="json", exclude={"version", "owner", "names", "hook"})
        told = None if self.hook is None else self.hook.model_dump(mode="json")
        return {**row, "photos": len(self.names), "webhook": told}

    def write(self, folder: Path) -> None:
        """Keep it.

        Raises:
            OutputError: it could not be written.
        """
        write_atomic(folder / _FILE, self.model_dump_json(indent=1).encode())


def read_batch(folder: Path) -> BatchRecord | None:
    """What a folder keeps; None where it holds no batch, or a damaged one."""
    try:
        return BatchRecord.model_validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None
