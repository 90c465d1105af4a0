"""Where decisions lie in an output folder: ``OUT/review``, which no run replaces."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage.atomic import write_atomic
from packshot.storage.lock import STATE_FOLDER, Lock

__all__ = ["DecisionFolder"]

_FOLDER = "review"


class DecisionFolder:
    """The files of ``OUT/review``: the log, and what it names by its SHA-256.

    Args:
        out: the output folder.

    Attributes:
        out: the output folder.
        journal: the log's file, for `DecisionLog`.
        masks: the folder of kept masks: those that persons approved or corrected.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._folder = out / _FOLDER
        self.journal = self._folder / "journal.jsonl"
        self.masks = self._folder / "masks"

    def mask(self, sha256: str) -> Path:
        """A kept mask: an 8-bit grey PNG."""
        return self.masks / f"{sha256}.png"

    def strokes(self, sha256: str) -> Path:
        """Kept strokes: JSON, as `packshot.cutout.Strokes` reads it."""
        return self._folder / "strokes" / f"{sha256}.json"

    def keep_mask(self, data: bytes) -> str:
        """Write a mask under the name of its content; gives its SHA-256.

        Raises:
            OutputError: it could not be written.
        """
        return _keep(self.mask, data)

    def keep_strokes(self, data: bytes) -> str:
        """Write strokes under the name of their content; gives their SHA-256.

        Raises:
            OutputError: they could not be written.
        """
        return _keep(self.strokes, data)

    @contextlib.contextmanager
    def lock(self, *, wait_s: float) -> Iterator[None]:
        """Hold the decisions for this process, while some are added. Runs do not hold them.

        Args:
            wait_s: seconds to wait for another process that does.

        Raises:
            OutputError: another process holds them, or the folder cannot be written.
        """
        busy = OutputError(f"another person is deciding in {self.out}", remedy="wait a moment, then decide again")
        with Lock(self.out / STATE_FOLDER / "review.lock", busy=lambda: busy, wait_s=wait_s).hold():
            yield


def _keep(name: Callable[[str], Path], data: bytes) -> str:
    sha256 = hashlib.sha256(data).hexdigest()
    path = name(sha256)
    if not path.is_file():
        write_atomic(path, data)
    return sha256
