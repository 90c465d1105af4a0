"""The review queue of a service."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from packshot.client.answers import Picture, picture_of
from packshot.client.rows import Row, rows_of
from packshot.client.transport import Query, Transport, address

__all__ = ["Review"]


class Review:
    """Results to be decided on; made by `packshot.client.Client.review`. Every method raises `ServiceError`.

    Args:
        transport: asks the service.
        name: of the review.
    """

    def __init__(self, transport: Transport, name: str) -> None:
        self._transport, self.name = transport, name

    def numbers(self) -> Row:
        """Photos by state, decisions by kind and by person."""
        return self._transport.ask("GET", self._path()).row()

    def queue(self, **filters: str | float | list[str]) -> Iterator[Row]:
        """Photos that nobody decided, the most valuable first.

        Args:
            filters: ``which``, ``name``, ``category``, ``why``, ``least``, ``most``, ``profile``, as the service has
                them.
        """
        after: str | None = None
        while True:
            query: Query = {**filters, "after": after}
            page = self._transport.ask("GET", self._path("photos"), query=query).row()
            yield from rows_of(page["photos"])
            if page["next"] is None:
                return
            after = str(page["next"])

    def decide(self, photo: str, decision: Mapping[str, JsonValue], *, seen: str | None = None) -> Row:
        """Decide on a photo.

        Args:
            photo: id, as the queue has it.
            decision: ``{"kind": "approve"}``, ``{"kind": "reject", "reason": ...}``, and so on.
            seen: as the queue has it; `ServiceRefused` (409) where something else is there by now.
        """
        body: Row = {"decision": dict(decision), "seen": seen}
        return self._post(self._path("photos", photo, "decisions"), body)

    def undo(self, photo: str | None = None, *, mine: bool = False) -> Row:
        """Take back the last decision: of all, or on a photo, or only of one's own."""
        return self._post(self._path("undo"), {"photo": photo, "mine": mine})

    def picture(self, photo: str, kind: str = "photo", *, side: int | None = None) -> Picture:
        """The ``photo``, its ``mask``, ``cutout`` or ``packshot``."""
        query: Query = {"side": side} if kind == "photo" else {}
        answer = self._transport.ask("GET", self._path("photos", photo, kind), query=query)
        return picture_of(answer.headers, answer.body)

    def _post(self, path: str, body: Row) -> Row:
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        return self._transport.ask("POST", path, body=json.dumps(body).encode(), headers=headers).row()

    def _path(self, *parts: str) -> str:
        return address("v1", "reviews", self.name, *parts)
