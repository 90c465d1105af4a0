"""A batch while the service runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from packshot.service.batches.events import Events
from packshot.service.batches.folder import BatchFolder
from packshot.service.batches.record import BatchRecord

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
    """

    record: BatchRecord
    folder: BatchFolder
    events: Events = field(default_factory=Events)
    stop: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
