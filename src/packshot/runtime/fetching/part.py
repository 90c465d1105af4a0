"""The part of a file that has come so far, kept on the disk so that a killed download goes on where it was."""

from __future__ import annotations

import contextlib
from pathlib import Path

from packshot.errors import OutputError
from packshot.storage.atomic import put_in_place
from packshot.storage.hashing import sha256_of_file

__all__ = ["PartFile", "store_error"]


class PartFile:
    """``NAME.part`` beside the file it will be, with the server's entity tag of it in ``NAME.etag``.

    Args:
        path: of the part; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tag = path.with_suffix(".etag")

    @property
    def length(self) -> int:
        """How many bytes have come."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def entity_tag(self) -> str | None:
        """What the server called the version that these bytes are of; None if it did not say."""
        try:
            return self._tag.read_text("ascii").strip() or None
        except (OSError, ValueError):
            return None

    def begin(self, entity_tag: str | None) -> None:
        """Begin anew with nothing.

        Raises:
            OutputError: the folder cannot be written.
        """
        self.discard()
        try:
            if entity_tag and entity_tag.isascii():
                self._tag.write_text(entity_tag, "ascii")
            self.path.touch()
        except OSError as error:
            raise store_error(self.path, error) from error

    def append(self, data: bytes) -> None:
        """Add what came.

        Raises:
            OutputError: it could not be written; the part is removed, so that it does not fill the disk.
        """
        try:
            with self.path.open("ab", buffering=0) as file:
                left = memoryview(data)
                while left:
                    left = left[file.write(left) :]
        except OSError as error:
            self.discard()
            raise store_error(self.path, error) from error

    def sha256(self) -> str:
        """Of the bytes so far.

        Raises:
            OutputError: they cannot be read.
        """
        try:
            return sha256_of_file(self.path)
        except OSError as error:
            raise store_error(self.path, error) from error

    def become(self, target: Path) -> None:
        """Put the whole file in its place, in one step.

        Raises:
            OutputError: it could not be put there.
        """
        try:
            put_in_place(self.path, target)
        except OSError as error:
            raise store_error(target, error) from error
        self.discard()

    def discard(self) -> None:
        """Remove it."""
        for path in (self.path, self._tag):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def store_error(path: Path, error: OSError) -> OutputError:
    """The error a person is told when the store could not be written or read."""
    return OutputError(
        f"{path} could not be written or read ({error.strerror or error})",
        remedy="free space or allow writing there, or name another folder in PACKSHOT_MODEL_STORE, then repeat",
    )
