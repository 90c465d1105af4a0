"""A request that is not answered with a result, and why; each interface has its own words for it."""

from __future__ import annotations

from collections.abc import Mapping

from packshot.errors import (
    CatalogueError,
    CatalogueLocked,
    CatalogueMismatch,
    DecidedMeanwhile,
    InternalError,
    LimitExceeded,
    OutputError,
    PackshotError,
    ProcessingError,
    ResultChanged,
    TimeLimitExceeded,
    UnsupportedFormat,
    UsageError,
    WorkerDied,
)

__all__ = ["Refusal", "refusal_of"]


class Refusal(Exception):
    """A request that is refused.

    Args:
        status: of the answer, as HTTP has it.
        code: what is wrong, stable across versions.
        message: what was expected and what came; never a file's name or content.
        remedy: the way out.
        headers: of the answer.
    """

    def __init__(
        self, status: int, code: str, message: str, remedy: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, code, message, remedy, headers)
        self.status, self.code, self.message, self.remedy = status, code, message, remedy
        self.headers = dict(headers or {})


_STATUS: dict[type[PackshotError], int] = {
    LimitExceeded: 413,
    UnsupportedFormat: 415,
    ResultChanged: 409,
    DecidedMeanwhile: 409,
    UsageError: 400,
    CatalogueMismatch: 409,
    CatalogueLocked: 503,
    OutputError: 503,
    TimeLimitExceeded: 504,
    WorkerDied: 500,
    ProcessingError: 500,
}


def refusal_of(error: PackshotError) -> Refusal:
    """An error of the pipeline as a refusal: 400, 409, 413, 415, 500, 503, 504, else 422."""
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)
    if isinstance(error, InternalError):  # its message names files and lines
        return Refusal(status, error.code, "an unforeseen error in packshot", "report it with the request id")
    if isinstance(error, CatalogueError):  # and this one's the catalogue's place
        return Refusal(status, error.code, "the catalogue cannot do this now", "`packshot catalogue verify` says why")
    if isinstance(error, OutputError):  # so does this one's
        return Refusal(status, error.code, "it could not be written", "try again; if it stays, free some space")
    if isinstance(error, LimitExceeded):  # its remedy names options and variables that no client has
        return Refusal(status, error.code, error.message, "make the photo smaller, or ask who runs the service")
    return Refusal(status, error.code, error.message, error.remedy)
