"""A job of many photos."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packshot.client.answers import Picture, picture_of
from packshot.client.photos import PhotoFile, content_of
from packshot.client.rows import Row, row_of, rows_of
from packshot.client.transport import Transport, address

__all__ = ["Event", "Job"]

_ENDED = {"done", "failed", "cancelled"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job.

    Attributes:
        kind: ``job`` (what there is when one begins to listen), ``photo`` or ``state``.
        data: what the service says of it.
    """

    kind: str
    data: Row


class Job:
    """Many photos at once; made by `packshot.client.Client.new_job`. Every method raises `ServiceError`.

    Args:
        transport: asks the service.
        id: of the job.

    Attributes:
        id: of the job; `Client.job` finds it again.
    """

    def __init__(self, transport: Transport, id: str) -> None:  # noqa: A002 - its name in the service's answers
        self._transport, self.id = transport, id

    def add(self, photo: PhotoFile, *, name: str | None = None) -> int:
        """Send a photo; gives its number, from 1.

        Args:
            photo: its bytes, or the path of its file.
            name: what its results are called; by default the file's name.

        Raises:
            UnreadablePhoto: its file cannot be read.
        """
        if name is None and not isinstance(photo, bytes):
            name = os.path.basename(photo)  # noqa: PTH119 - of any kind of path
        headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": secrets.token_hex(16)}
        answer = self._transport.ask(
            "POST", self._path("photos"), query={"name": name}, body=content_of(photo), headers=headers
        )
        return int(str(answer.row()["photo"]))

    def start(self) -> None:
        """Let it run."""
        self._transport.ask("POST", self._path("start"), again=False)

    def cancel(self) -> None:
        """Stop it; the photos in hand are finished."""
        self._transport.ask("POST", self._path("cancel"), again=False)

    def delete(self) -> None:
        """Remove all that was sent and made."""
        self._transport.ask("DELETE", self._path(), again=False)

    def row(self) -> Row:
        """What there is: ``state``, ``photos``, ``done``, ``counts`` and more."""
        return self._transport.ask("GET", self._path()).row()

    def events(self) -> Iterator[Event]:
        """What happens, as it happens; ends with the job."""
        kind = ""
        for line in self._transport.lines(self._path("events")):
            name, _, text = line.partition(": ")
            if name == "event":
                kind = text
            elif name == "data":
                yield Event(kind, row_of(json.loads(text)))

    def wait(self) -> Row:
        """Wait for its end, and give what there is then."""
        while (row := self.row())["state"] not in _ENDED:
            for _ in self.events():
                pass
        return row

    def photos(self) -> Iterator[Row]:
        """A line for each photo that was tried, as the manifest has it."""
        after: int | None = 0
        while after is not None:
            page = self._transport.ask("GET", self._path("photos"), query={"after": after}).row()
            yield from rows_of(page["photos"])
            after = None if page["next"] is None else int(str(page["next"]))

    def picture(self, photo: int, kind: str = "packshot", *, profile: str | None = None) -> Picture:
        """A result: the packshot for a profile (by default the first), the ``cutout`` or the ``mask``."""
        answer = self._transport.ask("GET", self._path("photos", photo, kind), query={"profile": profile})
        return picture_of(answer.headers, answer.body)

    def save_zip(self, path: str | os.PathLike[str], *, cutouts: bool = False) -> None:
        """Write all pictures as a ZIP; the whole of it is in memory for a moment."""
        answer = self._transport.ask("GET", self._path("result.zip"), query={"cutouts": cutouts})
        Path(path).write_bytes(answer.body)

    def _path(self, *parts: str | int) -> str:
        return address("v1", "jobs", self.id, *parts)
