"""The service on a socket, in a thread: uvicorn as `packshot serve` sets it up, jobs in this process."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn

from packshot.service.app import create_app
from packshot.service.server import uvicorn_config
from packshot.service.settings import ServiceSettings
from packshot_tests.service import QUICK, Inline

PATIENCE_S = 60


@dataclass
class Listening:
    """An application that listens."""

    app: Any
    port: int

    def send(self, data: bytes, *, seconds: float = PATIENCE_S) -> bytes:
        """What comes back to these bytes, until the service closes or says no more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            with contextlib.suppress(ConnectionError):  # it may close while we still send
                connection.sendall(data)
            return heard(connection)


def heard(connection: socket.socket) -> bytes:
    """One answer, or what there is until the connection ends."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65_536):
            data += chunk
            head, end, body = data.partition(b"\r\n\r\n")
            if end and len(body) >= int(fields(head).get(b"content-length", b"0")):
                break
    return data


def fields(head: bytes) -> dict[bytes, bytes]:
    """Headers by their names in lower case."""
    pairs = (line.split(b":", 1) for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, value in pairs}


def status(answer: bytes) -> int:
    """Of an answer; 0 where the connection was closed without one."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


@contextlib.contextmanager
def listening(serving: ServiceSettings | None = None, **more: Any) -> Iterator[Listening]:
    """A service that listens."""
    serving = (serving or ServiceSettings()).model_copy(update={"port": 0})
    workers = Inline(serving.narrowed(QUICK))
    app = create_app(QUICK, serving, workers=workers, log_to=io.StringIO(), **more)
    server = uvicorn.Server(uvicorn_config(app, serving))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield Listening(app, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
