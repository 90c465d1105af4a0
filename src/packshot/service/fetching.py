"""Photos from addresses that a request names: public hosts alone, resolved once, connected to that very address."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult

from packshot.addresses import is_public, join_address, split_address
from packshot.version import __version__

__all__ = ["FetchRefused", "Fetcher"]

_REDIRECTS = 3
_CHUNK = 65_536
_MAX_URL = 2_000
_PORTS = {"http": 80, "https": 443}
_LOOKUPS = threading.BoundedSemaphore(64)  # names that are looked up at once, those that nobody waits for included
_MOVED = (301, 302, 303, 307, 308)


class FetchRefused(Exception):
    """An address that is not fetched, or that gave no photo; says why, and never what an inside host said."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches over http and https.

    Every address, also that of a redirect, is resolved once. If any of the answers is not of the open internet
    (private, loopback, metadata, or an IPv6 address that wraps one: mapped, NAT64, 6to4, Teredo) it is refused, else
    the connection goes to the first of them, so that a name cannot change between check and use. Proxies of the
    environment are not used, names and passwords in an address are refused.

    Attributes:
        max_bytes: largest photo.
        seconds: for all of it, looking up names and redirects included.
        allowed: whether an IP address may be connected to.
        ports: that may be connected to; the standard ones by default.
        resolve: as `socket.getaddrinfo`.
    """

    max_bytes: int
    seconds: float
    allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] = frozenset(_PORTS.values())
    resolve: Callable[..., list[Any]] = socket.getaddrinfo

    def fetch(self, url: str, *, seconds: float | None = None) -> bytes:
        """The content at an address; blocks.

        Args:
            url: the address.
            seconds: that are left, where these are fewer than the fetcher's own.

        Raises:
            FetchRefused: it may not be fetched, or gave no photo.
        """
        due = time.monotonic() + (self.seconds if seconds is None else min(seconds, self.seconds))
        for _ in range(_REDIRECTS + 1):
            answer = self._once(url, due)
            if isinstance(answer, bytes):
                return answer
            target = join_address(url, answer)
            if target is None:
                raise FetchRefused("it redirects to what is no address")
            url = target
        raise FetchRefused(f"more than {_REDIRECTS} redirects")

    def require_address(self, url: str) -> None:
        """Refuse what is no address that could be connected to, whatever its name resolves to later.

        Raises:
            FetchRefused: it is none.
        """
        self._parts(url)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send something to an address; blocks. Redirects are not followed, and what comes back is not read.

        Returns:
            The status of the answer.

        Raises:
            FetchRefused: it may not be connected to, or did not answer.
        """
        with self._exchange("POST", url, time.monotonic() + self.seconds, headers, body) as response:
            return response.status

    def _once(self, url: str, due: float) -> bytes | str:
        headers = {"Accept": "image/*", "Accept-Encoding": "identity"}
        with self._exchange("GET", url, due, headers) as response:
            if response.status in _MOVED:
                return response.getheader("Location") or ""
            if response.status != 200:
                raise FetchRefused("the host did not answer with a picture")
            return self._body(response, due)

    @contextlib.contextmanager
    def _exchange(
        self, method: str, url: str, due: float, headers: Mapping[str, str], body: bytes | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        parts, port = self._parts(url)
        address = self._address(parts.hostname or "", port, due)
        left = due - time.monotonic()
        if left <= 0:
            raise FetchRefused("it took too long")
        connection = _pinned(parts, port, address, left)
        # A server that sends a byte now and then never meets a socket's own timeout.
        timer = threading.Timer(left, _shut, [connection])
        timer.daemon = True
        timer.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, {"User-Agent": f"packshot/{__version__}", **headers})
            with contextlib.closing(connection.getresponse()) as response:
                yield response
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchRefused("the host did not answer in time, or not in HTTP") from error
        finally:
            timer.cancel()
            connection.close()

    def _body(self, response: http.client.HTTPResponse, due: float) -> bytes:
        if response.getheader("Content-Encoding", "identity").lower() != "identity":
            raise FetchRefused("the host sent it compressed")
        if (response.length or 0) > self.max_bytes:
            raise FetchRefused("it is too large")
        chunks, size = [], 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if size > self.max_bytes:
                raise FetchRefused("it is too large")
            if time.monotonic() > due:
                raise FetchRefused("it took too long")
            chunks.append(chunk)
        if time.monotonic() >= due:  # the end may be our own doing
            raise FetchRefused("it took too long")
        if response.length:
            raise FetchRefused("the connection ended early")
        return b"".join(chunks)

    def _parts(self, url: str) -> tuple[SplitResult, int]:
        if len(url) > _MAX_URL or not url.isascii() or any(not " " < sign < "\x7f" for sign in url):
            raise FetchRefused("expected an address of at most 2000 ASCII characters")
        parts = split_address(url)
        if parts is None:
            raise FetchRefused("it is no address")
        port = parts.port or _PORTS.get(parts.scheme, 0)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise FetchRefused("expected http:// or https://")
        if parts.username is not None or parts.password is not None:
            raise FetchRefused("the address carries a user name")
        if port not in self.ports:
            raise FetchRefused("expected a standard port")
        return parts, port

    def _address(self, host: str, port: int, due: float) -> str:
        try:
            answers = _in_time(lambda: self.resolve(host, port, type=socket.SOCK_STREAM), due)
            found = [str(each[4][0]) for each in answers]
        except (OSError, UnicodeError) as error:
            raise FetchRefused("the host is not known") from error
        if not found or not all(map(self.allowed, found)):
            raise FetchRefused("the host is not one of the open internet")
        return found[0]


def _in_time(resolve: Callable[[], list[Any]], due: float) -> list[Any]:
    """What a resolver says until then; it has no time limit of its own, so a thread that is left behind waits for it.

    Raises:
        FetchRefused: it did not answer in time, or too many are left behind.
        OSError: the host is not known.
    """
    if not _LOOKUPS.acquire(timeout=max(0.0, due - time.monotonic())):
        raise FetchRefused("it took too long")
    answer: Future[list[Any]] = Future()

    def ask() -> None:
        try:
            answer.set_result(resolve())
        except Exception as error:  # raised where it is waited for
            answer.set_exception(error)
        finally:
            _LOOKUPS.release()

    threading.Thread(target=ask, name="packshot-resolver", daemon=True).start()
    try:
        return answer.result(max(0.0, due - time.monotonic()))
    except TimeoutError as error:
        if answer.done():
            raise  # the resolver's own
        raise FetchRefused("it took too long") from error


def _pinned(parts: SplitResult, port: int, address: str, seconds: float) -> _PinnedHttp:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return _PinnedHttps(host, port, address, seconds)
    return _PinnedHttp(host, port, address, seconds)


class _PinnedHttp(http.client.HTTPConnection):
    """Says one host's name and connects to the address it was resolved to."""

    def __init__(self, host: str, port: int, address: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = address
        self.connected: socket.socket | None = None  # `sock` is forgotten where the host closes behind its answer

    def connect(self) -> None:
        self.sock = self.connected = socket.create_connection((self._address, self.port), self.timeout)


class _PinnedHttps(_PinnedHttp):
    """The same with the certificate checked against the host's name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = self.connected = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _shut(connection: _PinnedHttp) -> None:
    if connection.connected is not None:
        with contextlib.suppress(OSError):
            connection.connected.shutdown(socket.SHUT_RDWR)
