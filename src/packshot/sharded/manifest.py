"""The manifest of a finished run in a bucket, read a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from packshot.errors import ObjectNotFound, UsageError
from packshot.records import MANIFEST, Record, read_record
from packshot.storage.objects import ObjectFolder

__all__ = ["manifest_records"]

_PIECE_BYTES = 4_000_000


def manifest_records(folder: ObjectFolder) -> Iterator[Record]:
    """The records of a run, in the order of the photos' URIs.

    Args:
        folder: the output folder.

    Raises:
        UsageError: there is no finished run, its manifest cannot be read, or the run went on meanwhile.
    """
    try:
        info = folder.head(MANIFEST)
    except ObjectNotFound as missing:
        raise UsageError(
            f"{folder.uri} holds no finished run", remedy=f"finish it first: packshot run SRC -o {folder.uri}"
        ) from missing
    starts = range(0, info.size, _PIECE_BYTES)
    pieces = (folder.read_range(MANIFEST, start, min(_PIECE_BYTES, info.size - start)) for start in starts)
    try:
        for line in _lines(pieces):
            yield read_record(json.loads(line))
    except ValueError as error:
        raise UsageError(
            f"{folder.uri.child(MANIFEST)} cannot be read ({error})", remedy="repeat the run, then this"
        ) from error
    if folder.head(MANIFEST).etag != info.etag:
        raise UsageError(f"{folder.uri} was written to meanwhile", remedy="repeat this when the run is done")


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        *whole, held = (held + piece).split(b"\n")
        yield from whole
    if held:
        yield held
