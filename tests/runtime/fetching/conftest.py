"""A publisher of networks on this machine that can be told to misbehave, and a proxy in front of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import Done, run

from packshot.runtime.published import PUBLISHED, PublishedModel

#: The command line, with other files published under the known names.
COMMAND = """
import json, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it, and so do its children
from packshot.cli.main import main
from packshot.runtime.published import PUBLISHED, PublishedModel
PUBLISHED.update({name: PublishedModel(**model) for name, model in json.loads(os.environ["TEST_PUBLISHED"]).items()})
if limit := os.environ.get("TEST_FILE_LIMIT"):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
main(sys.argv[1:])
"""


@dataclass
class Publisher:
    """A web server with one file under every path; what it was asked, in order.

    Attributes:
        url: of the server, without a path.
        content: the file.
        etag: what it calls the file; None for nothing.
        ranges: whether it gives parts.
        cuts: for each request to come, after how many bytes the connection breaks off; then never.
        status: of every answer that is no part.
        announced: the length it claims, None for the true one.
        headers: more of them.
        trickle: seconds to wait after each kilobyte.
        gate: while it is not set, an answer stops after the first half.
        location: where to send those who ask for /moved.
        asked: headers of each request, with ``path``.
    """

    url: str
    content: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    status: int = 200
    announced: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    trickle: float = 0.0
    gate: threading.Event = field(default_factory=threading.Event)
    location: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def published(self, name: str) -> PublishedModel:
        """The file, as it should come."""
        return PublishedModel(name=name, url=f"{self.url}/v1/{name}.onnx", size=len(self.content), sha256=self.sha256)


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            publisher.asked.append({"path": self.path, **{key.lower(): value for key, value in self.headers.items()}})
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", publisher.location)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            with contextlib.suppress(OSError):  # whoever asked has gone
                self.answer()

        def answer(self) -> None:
            whole, start = publisher.content, 0
            asked = self.headers.get("Range", "")
            same = self.headers.get("If-Range", publisher.etag) == publisher.etag
            if asked and publisher.ranges and same and publisher.status == 200:
                start = int(asked.removeprefix("bytes=").removesuffix("-"))
                if start >= len(whole):
                    self.send_response(416)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
            else:
                self.send_response(publisher.status)
            body = whole[start:]
            self.send_header("Content-Length", str(publisher.announced or len(body)))
            if publisher.etag:
                self.send_header("ETag", publisher.etag)
            for key, value in publisher.headers.items():
                self.send_header(key, value)
            self.end_headers()
            cut = publisher.cuts.pop(0) if publisher.cuts else len(body)
            self.send_body(body[:cut], pause_at=len(body) // 2)
            self.close_connection = True

        def send_body(self, body: bytes, *, pause_at: int) -> None:
            if not publisher.trickle:
                self.wfile.write(body[:pause_at])
                publisher.gate.wait(60)
                self.wfile.write(body[pause_at:])
                return
            for at in range(0, len(body), 1000):
                self.wfile.write(body[at : at + 1000])
                if threading.Event().wait(publisher.trickle):
                    return

    return Handler


@contextlib.contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], tls: Path | None = None) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that goes away is no news
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def publish() -> Iterator[Callable[..., Publisher]]:
    """A function: serve a file, encrypted if a certificate is given."""
    with contextlib.ExitStack() as stack:

        def serve(content: bytes, *, tls: Path | None = None) -> Publisher:
            publisher = Publisher("", content)
            server = stack.enter_context(_serving(_handler(publisher), tls))
            publisher.url = f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
            publisher.gate.set()
            stack.callback(publisher.gate.set)
            return publisher

        yield serve


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine stands between a test and its own server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass
class Proxy:
    """A proxy; the first line of each request it was sent, and its ``Proxy-Authorization``."""

    url: str
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy for plain requests and for tunnels."""
    seen = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            seen.asked.append((self.requestline, self.headers.get("Proxy-Authorization")))
            place, _, path = self.path.removeprefix("http://").partition("/")
            host, _, port = place.partition(":")
            with socket.create_connection((host, int(port))) as origin:
                lines = [f"{key}: {value}" for key, value in self.headers.items() if not key.startswith("Proxy-")]
                origin.sendall("\r\n".join([f"GET /{path} HTTP/1.0", *lines, "", ""]).encode())
                with contextlib.suppress(OSError):
                    while data := origin.recv(1 << 16):
                        self.wfile.write(data)

        def do_CONNECT(self) -> None:
            seen.asked.append((self.requestline, self.headers.get("Proxy-Authorization")))
            host, _, port = self.path.partition(":")
            with socket.create_connection((host, int(port))) as origin:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pump, args=(origin, self.connection), daemon=True)
                back.start()
                _pump(self.connection, origin)
                back.join(5)

    with _serving(Handler) as server:
        seen.url = f"http://user:secret@localhost:{server.server_address[1]}"
        yield seen


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of localhost, signed by nobody else."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: it makes the certificate of the test's own server")
    folder = tmp_path_factory.mktemp("tls")
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    usage = "keyUsage=critical,digitalSignature,keyCertSign"
    more = ("subjectAltName=DNS:localhost", "basicConstraints=critical,CA:TRUE", usage)
    extensions = [word for extension in more for word in ("-addext", extension)]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([openssl, *make.split(), *extensions, *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., PublishedModel]:
    """A function: publish a server's file under a known name; changes are what packshot expects of it."""

    def publish(publisher: Publisher, name: str = "u2net", **changes: Any) -> PublishedModel:
        model = replace(publisher.published(name), **changes)
        monkeypatch.setitem(PUBLISHED, name, model)
        return model

    return publish


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """A function: start ``packshot`` with these files published and the store in ``tmp_path/store``."""

    def run(*args: object, offered: list[PublishedModel], **environment: str) -> subprocess.Popen[str]:
        told = {model.name: asdict(model) for model in offered}
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *map(str, args)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PACKSHOT_MODEL_STORE": str(tmp_path / "store"),
                "TEST_PUBLISHED": json.dumps(told),
                **environment,
            },
        )

    return run


@pytest.fixture
def packshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """A function: run ``packshot`` in this process, with these files published and the store in ``tmp_path/store``."""
    monkeypatch.setenv("PACKSHOT_MODEL_STORE", str(tmp_path / "store"))

    def typed(*args: object, offered: list[PublishedModel], **environment: str) -> Done:
        with pytest.MonkeyPatch.context() as patch:
            for model in offered:
                patch.setitem(PUBLISHED, model.name, model)
            for name, value in environment.items():
                patch.setenv(name, value)
            return run(*args)

    return typed
