"""A shop's server on loopback: what is asked is kept, and any request may be disturbed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Said:
    """An answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Disturbance:
    """What goes wrong with a request.

    Attributes:
        before: an answer in place of doing it.
        lost: whether it is done, and the connection closed without an answer.
        status: what is answered although it was done.
    """

    before: Said | None = None
    lost: bool = False
    status: int | None = None


AnyShop = TypeVar("AnyShop", bound="MockShop")
Disturb = Callable[[int, Asked], Disturbance | None]


class MockShop:
    """Answers requests; `answer` is a shop's own.

    Args:
        scheme: of its address.
        keys: variables of the environment that hold its keys.

    Attributes:
        address: as ``--to`` takes it.
        asked: all requests so far.
        disturb: says of each request, by its number from 1, what goes wrong with it.
        seen: is called before a request is done.
        shrink: longest side that published pictures are scaled down to; None publishes what was sent.
    """

    def __init__(self, scheme: str, keys: dict[str, str]) -> None:
        self.keys = keys
        self.asked: list[Asked] = []
        self.disturb: Disturb = lambda number, asked: None
        self.lock = threading.RLock()
        self.shrink: int | None = None
        self.quality: int | None = None
        self.published: dict[str, bytes] = {}
        self._number = 0
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _handle(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:  # the sender was killed meanwhile: servers take no half of a request
                    self.close_connection = True
                    return
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, query, headers, body)
                with shop.lock:
                    shop._number += 1
                    number = shop._number
                    shop.asked.append(asked)
                trouble = shop.disturb(number, asked) or Disturbance()
                said = trouble.before
                if said is None:
                    with shop.lock:
                        said = shop.answer(asked)
                if trouble.status is not None:
                    said = Said(trouble.status)
                if trouble.lost:
                    self.close_connection = True
                    self.connection.close()
                    return
                try:
                    self.send_response(said.status)
                    for name, value in said.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(said.body)))
                    self.end_headers()
                    self.wfile.write(said.body)
                except OSError:  # the sender was killed
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a connection that was closed on purpose, or a sender that was killed

        self._server = Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self.address = f"{scheme}://{self.host}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError

    def publish(self, name: str, content: bytes) -> str:
        """Its address; what is there may be scaled down or encoded anew."""
        if self.shrink is not None or self.quality is not None:
            picture = Image.open(io.BytesIO(content)).convert("RGB")
            if self.shrink is not None:
                picture.thumbnail((self.shrink, self.shrink))
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=self.quality or 90)
            content = buffer.getvalue()
        self.published[f"/cdn/{name}"] = content
        return f"{self.url}/cdn/{name}?v=1"

    def show_published(self, asked: Asked) -> Said:
        content = self.published.get(asked.path)
        return Said(404) if content is None else Said(200, content, {"Content-Type": "image/png"})


@contextmanager
def opened(shop: AnyShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[AnyShop]:
    """The shop while it answers, and this process's environment with its keys; what fails is tried again at once."""
    for name, value in (shop.keys | {"PACKSHOT_DELIVERY_FIRST_PAUSE_S": "0.01"}).items():
        monkeypatch.setenv(name, value)
    with shop:
        yield shop
