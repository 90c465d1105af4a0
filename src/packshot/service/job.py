"""What travels to a worker process and back: a job with the photo's bytes, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from packshot.service.tools import Tools

__all__ = ["Answer", "Job", "JobRefused"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job.

    Attributes:
        content: a file; empty where the answer is `data`.
        media_type: of `content`.
        headers: of the answer, such as the uncertainty.
        data: plain JSON values, for those who asked for JSON; None where there is only a file.
        timings_ms: milliseconds of each part: decode, mask, compose, encode ...
        memory_bytes: of the worker process afterwards, 0 where that cannot be told.
    """

    content: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    memory_bytes: int = 0


class Job(Protocol):
    """Something to do with a photo; survives pickling."""

    def do(self, tools: Tools) -> Answer:
        """Do it.

        Raises:
            PackshotError: the photo is refused, or there is nothing to cut out.
            JobRefused: what was asked for does not fit the photo.
        """
        ...


class JobRefused(Exception):
    """What was asked for does not fit the photo; arguments are a code and a message."""

    @property
    def code(self) -> str:
        """Stable across versions."""
        return str(self.args[0])

    @property
    def message(self) -> str:
        """What was expected and what came."""
        return str(self.args[1])
