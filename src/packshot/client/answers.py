"""A picture that a service gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Picture", "picture_of"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A file with what the service says of it.

    Attributes:
        content: the file.
        media_type: such as ``image/png``.
        uncertainty: of the mask, 0 (sure) .. 1 (hopeless); None where it was not told.
        ready: chance that a person would publish the mask, 0..1; None where it was not told.
        doubts: why the mask is not ready.
        status: ``ok`` or ``review`` of a packshot; empty for other pictures.
        review: why a person should look at a packshot.
    """

    content: bytes
    media_type: str
    uncertainty: float | None = None
    ready: float | None = None
    doubts: tuple[str, ...] = ()
    status: str = ""
    review: tuple[str, ...] = ()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file."""
        Path(path).write_bytes(self.content)


def picture_of(headers: Mapping[str, str], body: bytes) -> Picture:
    """The picture in an answer; names of headers are in lower case."""
    return Picture(
        body,
        headers.get("content-type", ""),
        uncertainty=_number(headers.get("x-uncertainty")),
        ready=_number(headers.get("x-ready")),
        doubts=_list(headers.get("x-doubts", "")),
        status=headers.get("x-status", ""),
        review=_list(headers.get("x-review", "")),
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(", ") if part)
