"""One photo after another, each on its own: whatever goes wrong with one is its result, and the others go on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from packshot.batch.sources import Source
from packshot.errors import InternalError, OutputError, PackshotError
from packshot.storage.atomic import ends_the_run

__all__ = ["Failure", "Success", "each_photo", "unforeseen"]

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Success(Generic[Answer]):
    """A photo that went well, and what came of it."""

    source: Source
    answer: Answer


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo that did not go well, and why."""

    source: Source
    error: PackshotError


def each_photo(
    sources: Iterable[Source],
    work: Callable[[Source], Answer],
    *,
    fatal: tuple[type[PackshotError], ...] = (),
) -> Iterator[Success[Answer] | Failure]:
    """Do something with each photo, in this process and in their order.

    Args:
        sources: the photos, see `packshot.batch.find_sources`.
        work: done with each; any exception it raises, also one nobody foresaw, fails that photo alone.
        fatal: errors that would meet every photo alike, and end everything.

    Raises:
        OutputError: results cannot be written, of this photo or of any other.
        PackshotError: one of `fatal`.
    """
    for source in sources:
        try:
            yield Success(source, work(source))
        except fatal:
            raise
        except PackshotError as error:
            if isinstance(error, OutputError) and error.__cause__ is not None and ends_the_run(error):
                raise
            yield Failure(source, error)
        except Exception as error:  # one photo's surprise must not take the others along
            yield Failure(source, unforeseen(error))


def unforeseen(error: Exception) -> InternalError:
    """An exception nobody foresaw, as the error of one photo."""
    if isinstance(error, MemoryError):
        return InternalError(
            "the photo needed more memory than there is",
            remedy="run fewer --jobs at once, or make the photo smaller",
        )
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    return InternalError(
        f"an unexpected {type(error).__name__} at {where}: {error}",
        remedy="report it with the photo, if you may share it; the other photos are not affected",
    )
