"""What LanceDB's errors mean to a person."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from packshot.errors import CatalogueDamaged, CatalogueError, CatalogueLocked, OutputError, PackshotError

__all__ = ["failures", "meaning_of"]

_UNREACHED = ("cannot be reached", "check the address, the network and the credentials")

# LanceDB raises RuntimeError, ValueError or OSError with the text of what happened below it.
_KINDS: tuple[tuple[str, type[PackshotError], str, str], ...] = (
    (
        r"create temp(orary)? (dir|file)",
        OutputError,
        "could not be written: the folder for temporary files cannot be used",
        "let TMPDIR name a folder that can be written, then repeat the command",
    ),
    (
        r"no space left|os error 28\b|quota|os error 122\b|file too large|os error 27\b",
        OutputError,
        "could not be written: the disk is full",
        "free some space, then repeat the command; what was in the catalogue before is still there",
    ),
    (
        r"permission denied|os error 13\b|read-only|os error 30\b|access ?denied|forbidden",
        OutputError,
        "could not be read or written: no permission",
        "allow reading and writing there, or name another place",
    ),
    # Before the writers: what is told of a request that was given up names the patience it had (`retry_timeout`).
    (r"RetryError", CatalogueError, *_UNREACHED),
    (
        r"commit conflict|too many concurrent writers|retry_timeout",
        CatalogueLocked,
        "is being changed by another writer",
        "repeat the command when the other writer is done",
    ),
    (r"dispatch|connect|credential|dns|timed? ?out|bucket", CatalogueError, *_UNREACHED),
)

# Characters of it: object storage tells its whole conversation.
_SHOWN = 300


@contextlib.contextmanager
def failures(uri: str) -> Iterator[None]:
    """Raise what LanceDB raises as one of packshot's errors."""
    try:
        yield
    except PackshotError:
        raise
    except (RuntimeError, ValueError, OSError) as error:
        raise meaning_of(error, uri=uri) from error


def meaning_of(error: Exception, *, uri: str) -> PackshotError:
    """The error a person is told."""
    # The place in LanceDB's sources tells a person nothing.
    text = re.sub(r", \S+\.rs:\d+:\d+.*$", "", str(error), flags=re.DOTALL).removeprefix("lance error: ")
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    for pattern, kind, message, remedy in _KINDS:
        if re.search(pattern, text, re.IGNORECASE):
            return kind(f"the catalogue {uri} {message} ({shown})", remedy=remedy)
    return CatalogueDamaged(
        f"the catalogue {uri} is damaged ({shown})",
        remedy="see what is left with `packshot catalogue verify`, go back with `packshot catalogue restore`, "
        "or index the photos again",
    )
