"""The bytes of one file of known size, from where an earlier download ended, within bounds of size and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from packshot.errors import FetchFailed
from packshot.runtime.fetching.connection import RangeRefused, open_url
from packshot.runtime.fetching.part import PartFile

__all__ = ["Patience", "download"]

_CHUNK = 1 << 18  # bytes
_GO_ON = "repeat the command: it goes on from there"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may keep us waiting.

    Attributes:
        answer_s: seconds for a connection, and for each answer.
        window_s: seconds over which the speed is measured.
        slowest: bytes a second below which a download is given up.
        tries: connections in all, if they break off while bytes are coming.
        pause_s: seconds between them.
    """

    answer_s: float = 30.0
    window_s: float = 60.0
    slowest: float = 1000.0
    tries: int = 5
    pause_s: float = 1.0


def download(
    url: str, part: PartFile, *, size: int, tell: Callable[[int], None], patience: Patience | None = None
) -> None:
    """Complete a part.

    Args:
        url: of the file.
        part: what has come so far; only this is written.
        size: of the whole file in bytes: more is never read.
        tell: told how many bytes are there.
        patience: how long a server may keep us waiting.

    Raises:
        FetchFailed: the file could not be had whole; what came is kept, unless it cannot be part of the file.
        OutputError: it could not be written.
    """
    patience = patience or Patience()
    ended = ""
    if part.length > size:
        part.discard()
    for attempt in range(patience.tries):
        if part.length == size:
            return
        if attempt:
            time.sleep(patience.pause_s)
        ended = _receive(url, part, size=size, tell=tell, patience=patience)
    if part.length != size:
        raise FetchFailed(f"{url}: {part.length} of {size} bytes came ({ended})", remedy=_GO_ON)


def _receive(url: str, part: PartFile, *, size: int, tell: Callable[[int], None], patience: Patience) -> str:
    """One connection; why it ended."""
    try:
        answer = open_url(url, _range(part), timeout_s=patience.answer_s)
    except RangeRefused:
        part.discard()
        return "the server cannot go on from there"
    with answer:
        if not _continues(answer, part, size=size):
            _require_size(url, answer, size=size)
            part.begin(answer.headers.get("ETag"))
        before = part.length
        tell(before)
        try:
            ended = _read(url, answer, part, size=size, tell=tell, patience=patience)
        except (OSError, HTTPException) as error:
            ended = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
    if part.length == before:
        raise FetchFailed(f"{url}: {part.length} of {size} bytes came ({ended})", remedy=_GO_ON)
    return ended


def _read(
    url: str, answer: HTTPResponse, part: PartFile, *, size: int, tell: Callable[[int], None], patience: Patience
) -> str:
    length, since = part.length, time.monotonic()
    mark = length
    # read1 returns what has come: read would wait for a whole chunk, however slowly it trickles in.
    while data := answer.read1(min(_CHUNK, size - length + 1)):
        length += len(data)
        if length > size:
            part.discard()
            raise FetchFailed(
                f"{url}: more than the expected {size} bytes came; they are deleted",
                remedy="the publisher has changed the file: a newer packshot may know it",
            )
        part.append(data)
        tell(length)
        waited = time.monotonic() - since
        if waited >= patience.window_s:
            if length - mark < patience.slowest * waited:
                raise FetchFailed(f"{url}: {length} of {size} bytes came, then it was too slow", remedy=_GO_ON)
            mark, since = length, time.monotonic()
    return "the connection ended"


def _range(part: PartFile) -> dict[str, str]:
    if not part.length:
        return {}
    tag = part.entity_tag
    # Only a strong tag vouches for single bytes (RFC 9110, section 13.1.5); without one the hash decides at the end.
    same = {"If-Range": tag} if tag and not tag.startswith("W/") else {}
    return {"Range": f"bytes={part.length}-", **same}


def _continues(answer: HTTPResponse, part: PartFile, *, size: int) -> bool:
    """Whether the answer is what is missing; otherwise it is the whole file, or of no use.

    Raises:
        FetchFailed: it is another part of the file than was asked for.
    """
    if answer.status != 206:
        return False
    expected = f"bytes {part.length}-{size - 1}/{size}"
    got = answer.headers.get("Content-Range", "")
    if got != expected or not part.length:
        part.discard()
        raise FetchFailed(f"expected {expected} of the file, the server gives {got}", remedy="repeat the command")
    return True


def _require_size(url: str, answer: HTTPResponse, *, size: int) -> None:
    stated = answer.headers.get("Content-Length", str(size))
    coding = answer.headers.get("Content-Encoding", "identity")
    if stated != str(size) or coding != "identity":
        how = "" if coding == "identity" else f", packed as {coding}"
        raise FetchFailed(
            f"{url}: expected {size} bytes, the server announces {stated}{how}",
            remedy="look in a browser what it offers: a login or error page, or a file that was changed",
        )
