"""Stands before the server that speaks S3, and disturbs some requests as a busy or broken store does."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from packshot_tests.bucket_server import BucketServer

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "date", "server"}
#: Words of S3 for an answer that is an error.
_CODES = {403: "ExpiredToken", 429: "TooManyRequests", 500: "InternalError", 503: "SlowDown"}


class Fault(Enum):
    """What goes wrong with a request; the number is the answer's status."""

    SLOW_DOWN = (503, False)
    TOO_MANY = (429, False)
    BROKEN = (500, False)
    DONE_AND_BROKEN = (500, True)
    """It is done, and the answer is an error."""
    CUT = (0, False)
    """The connection ends without an answer."""
    DONE_AND_CUT = (0, True)
    EXPIRED = (403, False)
    """Credentials that were good until now."""


Choose = Callable[[str, str], Fault | None]


class FaultyServer:
    """A store with bad days.

    Attributes:
        address: as a `BucketServer`.
        choose: gives the fault of a request, by its method and path with query; None leaves it alone.
        met: how often each fault came.
    """

    def __init__(self, endpoint: str) -> None:
        self.address = BucketServer(endpoint)
        self.choose: Choose = undisturbed
        self.met: Counter[Fault] = Counter()


def undisturbed(method: str, path: str) -> Fault | None:
    """Nothing goes wrong."""
    return None


def in_turn(every: int, *faults: Fault) -> Choose:
    """One fault after the other, at each so-many-th request."""
    lock, number = threading.Lock(), 0

    def choose(method: str, path: str) -> Fault | None:
        nonlocal number
        with lock:
            number += 1
            return None if number % every else faults[number // every % len(faults)]

    return choose


def held(name: str, seconds: float) -> Choose:
    """The first reading of an object takes long; nothing else goes wrong."""
    lock, found = threading.Lock(), False

    def choose(method: str, path: str) -> Fault | None:
        nonlocal found
        with lock:
            first = not found and method == "GET" and urlsplit(path).path.endswith(name)
            found = found or first
        if first:
            time.sleep(seconds)
        return None

    return choose


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one packet

    def _handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = server.shown.choose(self.command, self.path)
        status, done = (0, True) if fault is None else fault.value
        if fault is not None:
            with server.lock:
                server.shown.met[fault] += 1
        answer = self._forwarded(server.behind, body) if done else None
        if fault is None and answer is not None:
            self._say(*answer)
        elif status:
            text = f"<?xml version='1.0'?><Error><Code>{_CODES[status]}</Code><Message>a fault</Message></Error>"
            self._say(status, {"Content-Type": "application/xml"}, text.encode())
        else:
            self.close_connection = True

    def _forwarded(self, behind: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        connection = http.client.HTTPConnection(behind)
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP}
            if self.command == "HEAD":
                kept["Content-Length"] = answer.getheader("Content-Length") or "0"
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _say(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked has ended
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behind: BucketServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind, self.lock = urlsplit(behind.endpoint).netloc, threading.Lock()
        self.shown = FaultyServer(f"http://127.0.0.1:{self.server_port}")

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a connection that was cut


@contextlib.contextmanager
def faulty_server(behind: BucketServer) -> Iterator[FaultyServer]:
    """Started and ended; nothing goes wrong until `FaultyServer.choose` is set."""
    server = _Server(behind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.shown
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
