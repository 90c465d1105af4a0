"""A shop served on localhost, written out page by page in the tests."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import Done, run
from PIL import Image
from skimage import data

#: A crawl of a shop on this machine that does not wait.
FAST = ("--rate", "50", "--allow-private")


def packshot(*args: object) -> Done:
    done = run("collect", *args)
    assert "Traceback" not in done.err
    return done


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "products.jsonl").read_text().splitlines()]


def table(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def picture(shade: int = 0, container: str = "JPEG") -> bytes:
    """A small photo; another shade is another photo."""
    file = io.BytesIO()
    Image.fromarray(data.chelsea()[:60, :80] // 2 + shade % 100).save(file, container)
    return file.getvalue()


def product_page(**stated: Any) -> bytes:
    """A page that sells one product."""
    node = {"@context": "https://schema.org", "@type": "Product", **stated}
    return f'<html><body><script type="application/ld+json">{json.dumps(node)}</script></body></html>'.encode()


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)
    trickle: bool = False


@dataclass
class Site:
    """A web server; what it was asked for, in order.

    Attributes:
        pages: path to what is answered; a picture's or page's bytes alone will do.
        asked: (time in seconds, path, user agent) of each request.
    """

    port: int
    pages: dict[str, Reply | bytes] = field(default_factory=dict)
    asked: list[tuple[float, str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def foreign(self) -> str:
        """The same server under a name nobody allowed."""
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]

    def sell(self, name: str, **stated: Any) -> None:
        """Put a product's page at /p/NAME."""
        self.pages[f"/p/{name}"] = product_page(name=name, sku=name, **stated)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            site.asked.append((time.monotonic(), self.path, self.headers["User-Agent"]))
            found = site.pages.get(self.path, Reply(b"nothing here", 404))
            reply = found if isinstance(found, Reply) else Reply(found)
            self.send_response(reply.status)
            for key, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                if reply.trickle:
                    for byte in reply.body:
                        self.wfile.write(bytes([byte]))
                        if site.closing.wait(0.3):
                            return
                self.wfile.write(reply.body)
            except OSError:
                pass  # whoever asked has gone

    return Handler


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[], Site]]:
    """Open as many sites as wanted."""
    servers: list[tuple[ThreadingHTTPServer, Site]] = []

    def open_site() -> Site:
        server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that goes away is no news
        site = Site(server.server_address[1])
        server.RequestHandlerClass = _handler(site)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append((server, site))
        return site

    yield open_site
    for server, site in servers:
        site.closing.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(serve: Callable[[], Site]) -> Site:
    return serve()
