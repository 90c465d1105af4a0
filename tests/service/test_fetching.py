"""Addresses that requests name: what is never connected to, and what is brought."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from packshot.service.fetching import Fetcher, FetchRefused

#: Each leads inside a network, or is kept for no use on the internet; RFC 6890, 6052, 3056, 4380, 8215, clouds' pages.
INSIDE = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1",
    "192.0.0.192", "192.168.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1",
]  # fmt: skip


def resolver(*addresses: str) -> Any:
    def resolve(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("beside", [(), ("93.184.216.34",)], ids=["alone", "beside a public one"])
def test_what_leads_inside_is_refused(address: str, beside: tuple[str, ...]) -> None:
    with pytest.raises(FetchRefused, match="not one of the open internet"):
        Fetcher(1000, 5, resolve=resolver(*beside, address)).fetch("http://photos.example/a.jpg")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/", "http://2130706433/",
        "http://017700000001/", "http://127.1/", "http://localhost/", "http://0/",
    ],
)  # fmt: skip
def test_spellings_of_this_machine_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(1000, 5).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "photo.jpg", "//example.com/a", "file:///etc/passwd", "ftp://example.com/a", "gopher://example.com/",
        "data:image/png;base64,aGk=", "http://", "http:///a", "http://user:secret@example.com/", "http://@example.com/",
        "http://example.com:22/", "http://example.com:99999/", "http://example.com:x/", "http://exa mple.com/",
        "http://example.com/\r\nHost: inside", "http://ex\u00e4mple.com/", "http://[::1/", "http://" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(1000, 5, resolve=resolver("93.184.216.34")).fetch(url)


def test_a_host_that_is_not_known() -> None:
    def resolve(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror("not known")

    with pytest.raises(FetchRefused, match="not known"):
        Fetcher(1000, 5, resolve=resolve).fetch("http://nowhere.example/")


def test_a_resolver_that_does_not_answer_is_given_up_in_time() -> None:
    asked, answer = threading.Semaphore(0), threading.Event()

    def resolve(*_: object, **__: object) -> list[Any]:
        asked.release()
        answer.wait(30)
        return []

    fetcher = Fetcher(1000, 0.3, resolve=resolve)
    started = time.monotonic()
    with pytest.raises(FetchRefused, match="too long"):
        fetcher.fetch("http://slow.example/")
    with pytest.raises(FetchRefused, match="too long"):
        fetcher.post("http://slow.example/", b"", {})
    with pytest.raises(FetchRefused, match="too long"):
        Fetcher(1000, 30, resolve=resolve).fetch("http://slow.example/", seconds=0.3)
    assert 0.9 <= time.monotonic() - started < 5
    assert all(asked.acquire(timeout=5) for _ in range(3))
    answer.set()


def test_resolvers_that_are_left_behind_are_bounded() -> None:
    """A stranger whose names never resolve costs a bounded number of threads, and the next name waits for one."""
    answer, running = threading.Event(), []

    def never(*_: object, **__: object) -> list[Any]:
        running.append(threading.current_thread())
        answer.wait(30)
        return []

    for _ in range(200):
        with pytest.raises(FetchRefused, match="too long"):
            Fetcher(1000, 0.001, resolve=never).fetch("http://slow.example/")
    assert 0 < len(running) < 100
    answer.set()
    for each in running:
        each.join(5)
    with pytest.raises(FetchRefused, match="not one of the open internet"):
        Fetcher(1000, 5, resolve=resolver("10.0.0.1")).fetch("http://inside.example/")


class Host(BaseHTTPRequestHandler):
    """A host with good and bad habits."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        Host.asked.append((self.headers["Host"], self.path))
        getattr(self, "_" + self.path.strip("/").partition("?")[0].partition("/")[0])()

    def log_message(self, *_: object) -> None: ...

    def _send(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _photo(self) -> None:
        self._send(body=b"picture")

    def _once(self) -> None:
        self._send(302, Location="/photo")

    def _round(self) -> None:
        self._send(302, Location="/round")

    def _inside(self) -> None:
        self._send(302, Location="http://inside.example/photo")

    def _file(self) -> None:
        self._send(302, Location="file:///etc/passwd")

    def _bracket(self) -> None:
        self._send(302, Location="http://[bad/")

    def _port(self) -> None:
        self._send(302, Location="http://photos.example:99999/")

    def _nowhere(self) -> None:
        self._send(302)

    def _missing(self) -> None:
        self._send(404, body=b"secret of the inside")

    def _large(self) -> None:
        self._send(body=b"x" * 2000)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b"x" * 2000)

    def _packed(self) -> None:
        self._send(body=b"x", Content_Encoding="gzip")

    def _short(self) -> None:
        self.close_connection = True
        self._send(body=b"x", **{"Content-Length": "500"})

    def _slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _slow_and_close(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _silent(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        time.sleep(10)

    def _slowly(self) -> None:  # a head that never ends
        for _ in range(200):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def host() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def fetcher(port: int, *, seconds: float = 10.0, asked: list[str] | None = None) -> Fetcher:
    """Names this test's host as photos.example, and an inner one as inside.example."""

    def resolve(name: str, to: int, **_: object) -> list[Any]:
        if asked is not None:
            asked.append(name)
        return resolver("127.0.0.1" if name == "photos.example" else "127.0.0.2")(name, to)

    return Fetcher(
        1000, seconds, allowed=lambda address: address == "127.0.0.1", ports=frozenset([port]), resolve=resolve
    )


@pytest.mark.parametrize("path", ["photo", "photo?size=1", "once"])
def test_a_photo_is_brought(host: int, path: str) -> None:
    asked: list[str] = []
    assert fetcher(host, asked=asked).fetch(f"http://photos.example:{host}/{path}") == b"picture"
    assert asked == ["photos.example"] * len(asked)
    assert len(asked) == (2 if path == "once" else 1)  # each address is resolved once
    assert Host.asked[-1][0] == f"photos.example:{host}"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("round", "redirects"),
        ("inside", "standard port"),
        ("file", "http"),
        ("nowhere", "redirects"),
        ("bracket", "no address"),
        ("port", "no address"),
        ("missing", "did not answer"),
        ("large", "too large"),
        ("stream", "too large"),
        ("packed", "compressed"),
        ("short", "early|in time"),
    ],
)
def test_what_is_not_brought(host: int, path: str, why: str) -> None:
    with pytest.raises(FetchRefused, match=why) as caught:
        fetcher(host).fetch(f"http://photos.example:{host}/{path}")
    assert "secret" not in str(caught.value)


def test_a_redirect_inside_is_refused(host: int) -> None:
    made = fetcher(host)
    opened = Fetcher(1000, 5, allowed=made.allowed, ports=frozenset([host, 80]), resolve=made.resolve)
    with pytest.raises(FetchRefused, match="open internet"):
        opened.fetch(f"http://photos.example:{host}/inside")


@pytest.mark.parametrize("path", ["slow", "slow_and_close", "silent", "slowly"])
def test_a_host_that_drips_is_given_up(host: int, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(FetchRefused):
        fetcher(host, seconds=0.5).fetch(f"http://photos.example:{host}/{path}")
    assert time.monotonic() - started < 8


def test_proxies_of_the_environment_are_not_used(host: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher(host).fetch(f"http://photos.example:{host}/photo") == b"picture"
