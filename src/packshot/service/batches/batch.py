"""A batch while the service runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import anyio.to_thread

from packshot.batch import Progress
from packshot.service.batches.events import Events
from packshot.service.batches.folder import BatchFolder
from packshot.service.batches.journal_places import JournalPlaces
from packshot.service.batches.record import BatchRecord, BatchState

__all__ = ["Batch"]


@dataclass(slots=True)
class Batch:
    """One of them, while the service runs.

    Attributes:
        record: what is kept.
        folder: its files.
        events: what happens to it.
        stop: whether somebody wants it to end.
        over: set when it is not running any more.
        removed: whether its files are gone: nothing more is written.
        places: of its photos in the journal.
        filling: held while a photo is written, and while it begins or ends.
    """

    record: BatchRecord
    folder: BatchFolder
    events: Events = field(default_factory=Events)
    places: JournalPlaces = field(init=False)
    stop: bool = False
    removed: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    filling: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.places = JournalPlaces(self.folder.out)

    def message(self) -> dict[str, object]:
        """What a webhook is told once it has ended."""
        row = {key: value for key, value in self.record.row().items() if key != "webhook"}
        ended = f"{self.record.ended:%Y-%m-%dT%H:%M:%SZ}"
        return {"type": f"job.{self.record.state}", "timestamp": ended, "data": row}

    def change(self, **changes: Any) -> None:
        """Give the record other values."""
        self.record = self.record.model_copy(update=changes)

    async def keep(self) -> None:
        """Write the record."""
        await anyio.to_thread.run_sync(self.record.write, self.folder.path)

    def progress(self, step: Progress) -> None:
        """Another photo is done."""
        number, status = int(step.record.source.rpartition("/")[2]), step.record.status
        counts = self.record.counts | {status: self.record.counts.get(status, 0) + 1}
        self.change(done=step.done, counts=counts)
        data = {"photo": number, "name": self.record.names[number - 1], "status": status}
        self.events.add("photo", {**data, "done": step.done, "photos": len(self.record.names)})

    async def turn(self, state: BatchState, **more: Any) -> None:
        """Come into another state, which is kept and told."""
        self.change(state=state, **more)
        await self.keep()
        self.events.add("state", self.record.row())
