"""The page's server answers its own page and nobody else."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from packshot.errors import UsageError
from packshot.review.labelling.server import serving
from packshot.review.labelling.session import Session

from .conftest import Sitting


class Page:
    """What a browser on the page's address would send; every header can be given otherwise."""

    def __init__(self, address: str, session: Session) -> None:
        self.address = address
        self.session = session
        parts = urlsplit(address)
        self.port = parts.port or 0
        self.token = parts.path.strip("/")
        self.host = f"127.0.0.1:{self.port}"

    def ask(
        self, path: str, body: Any = None, *, method: str = "", raw: bytes | None = None, **headers: str | None
    ) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        given: dict[str, str | None] = {"Host": self.host}
        if data is not None:
            given |= {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
            given["Content-Length"] = str(len(data))
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.putrequest(method or ("GET" if data is None else "POST"), path, skip_host=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(data)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        kind = response.headers.get_content_type()
        return response.status, json.loads(content) if kind == "application/json" else content, response.headers

    def post(self, name: str, body: Any, **headers: str | None) -> tuple[int, Any]:
        status, content, _ = self.ask(f"/{self.token}/{name}", body, **headers)
        return status, content

    def decided(self) -> list[bool | None]:
        return [one.decision.frame.framed if one.decision else None for one in self.session.all_seen()]


@pytest.fixture
def page(sitting: Sitting) -> Iterator[Page]:
    session = sitting()
    with serving(session) as address:
        yield Page(address, session)


FRAMED = {"photo": 0, "framed": True, "box": [4, 3, 56, 37]}


def test_it_listens_on_this_computer_alone_and_its_address_cannot_be_guessed(page: Page) -> None:
    assert page.address.startswith("http://127.0.0.1:")
    assert len(page.token) >= 32
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1"}:
        with pytest.raises((ConnectionError, TimeoutError)):
            socket.create_connection((address, page.port), timeout=1).close()


def test_the_page_and_its_parts_are_served(page: Page) -> None:
    for name, kind in (
        ("", "text/html"),
        ("tokens.css", "text/css"),
        ("label.css", "text/css"),
        ("label.js", "text/javascript"),
        ("stage.js", "text/javascript"),
        ("loupe.js", "text/javascript"),
        ("photo/0", "image/jpeg"),
        ("state", "application/json"),
    ):
        status, content, headers = page.ask(f"/{page.token}/{name}")
        assert (status, headers.get_content_type()) == (200, kind)
        assert content
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer", "or a link would tell the token"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Origin" not in headers
        assert "Python" not in headers["Server"]


def test_a_decision_is_taken_and_taken_back(page: Page) -> None:
    assert page.post("decide", FRAMED) == (200, {"photo": 0, "decision": {"framed": True, "box": [4, 3, 56, 37]}})
    assert page.post("decide", {"photo": 1, "framed": False})[1]["decision"] == {"framed": False, "box": None}
    assert page.decided() == [True, False, None, None]
    assert page.post("undo", {"photo": 0}) == (200, {"photo": 0, "decision": None})
    assert page.post("undo", {"photo": None}) == (200, {"photo": 1, "decision": None})
    assert page.post("undo", {}) == (200, {})
    assert page.decided() == [None] * 4
    assert page.ask(f"/{page.token}/state")[1]["photos"][0] == {
        "name": "c.png",
        "folder": "photos",
        "size": [60, 40],
        "model": "pixel 1",
        "framed": True,
        "score": 0.5,
        "box": [4, 3, 56, 37],
        "decision": None,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},  # a sandboxed frame, a file
        {"Origin": None},
        {"Origin": "http://127.0.0.1"},  # another port is another site
        {"Host": "evil.example", "Origin": "http://evil.example"},  # a name made to lead here
        {"Host": "127.0.0.1", "Origin": "http://127.0.0.1"},
        {"Host": None},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},  # another port of this computer
        {"Content_Type": "text/plain"},  # what a form of another site can send without asking first
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": None},
        {"Content_Length": None},
        {"Content_Length": "-1"},
        {"Content_Length": "99999999"},
    ],
)
def test_no_other_page_can_decide(page: Page, headers: dict[str, str | None]) -> None:
    status, content = page.post("decide", FRAMED, **headers)
    assert status in {403, 413, 415}
    assert "error" in content
    assert page.decided() == [None] * 4


def test_the_name_localhost_is_this_computer_too(page: Page) -> None:
    name = f"localhost:{page.port}"
    assert page.post("decide", FRAMED, Host=name, Origin=f"http://{name}")[0] == 200
    assert page.post("decide", FRAMED, Host=name)[0] == 403, "but host and origin must be the same"


def test_without_the_token_nothing_is_to_be_had(page: Page) -> None:
    wrong = page.token[:-1] + ("A" if page.token[-1] != "A" else "B")
    for path in (
        "/", "/state", "/favicon.ico", f"/{wrong}/", f"/{wrong}/state", f"/{wrong}/photo/0", f"/{page.token}",
        "//", "/../", f"/x/../{page.token}/state", f"/{page.token.swapcase()}/state", "/%00/",
    ):  # fmt: skip
        status, content, _ = page.ask(path)
        assert (status, content) == (404, {"error": "no such page"}), path
    assert page.ask(f"/{wrong}/decide", FRAMED)[0] == 404
    assert page.decided() == [None] * 4


@pytest.mark.parametrize("name", ["state", "photo/0", ""])
def test_other_pages_and_rebound_names_cannot_read(page: Page, name: str) -> None:
    for headers in ({"Host": "evil.example"}, {"Host": f"evil.example:{page.port}"}, {"Sec_Fetch_Site": "cross-site"}):
        status, content, _ = page.ask(f"/{page.token}/{name}", **headers)
        assert status == 403
        assert set(content) == {"error"}


@pytest.mark.parametrize(
    "path",
    ["../session.py", "..%2fsession.py", "label.py", "photo/", "photo/99", "photo/-1", "photo/1e0", "photo/%C2%B2"],
)
def test_there_is_nothing_else_to_read(page: Page, path: str) -> None:
    status, content, _ = page.ask(f"/{page.token}/{path}")
    assert status == 404
    assert set(content) == {"error"}


def test_a_long_number_is_no_photo(page: Page) -> None:
    assert page.ask(f"/{page.token}/photo/{'9' * 5000}")[0] == 404


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_not_understood(page: Page, method: str) -> None:
    status, _, headers = page.ask(f"/{page.token}/state", method=method)
    assert status == 501
    assert "Access-Control-Allow-Origin" not in headers, "so a browser sends no further request of another page"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("decide", FRAMED | {"photo": 99}),
        ("decide", FRAMED | {"photo": -1}),
        ("decide", FRAMED | {"photo": True}),
        ("decide", FRAMED | {"photo": "0"}),
        ("decide", FRAMED | {"framed": 1}),
        ("decide", FRAMED | {"box": None}),
        ("decide", FRAMED | {"box": [4, 3, 56]}),
        ("decide", FRAMED | {"box": [4, 3, 56.0, 37]}),
        ("decide", FRAMED | {"box": [4, 3, 4, 37]}),
        ("decide", FRAMED | {"box": [-4, 3, 56, 37]}),
        ("decide", FRAMED | {"box": [4, 3, 61, 37]}),
        ("decide", FRAMED | {"box": [0, 0, 60, 40]}),
        ("decide", []),
        ("decide", None),
        ("snap", {"photo": 0, "box": [4, 3, 56, 37]}),  # not offered here
        ("nothing", {}),
    ],
)
def test_what_is_not_understood_is_refused_with_words(page: Page, name: str, body: Any) -> None:
    status, content, _ = page.ask(f"/{page.token}/{name}", raw=json.dumps(body).encode())
    assert status == 400
    assert content["error"]
    assert page.decided() == [None] * 4


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 4000, b"\xff", b'{"photo": NaN}', b"9" * 4000])
def test_a_body_that_is_no_json_is_refused(page: Page, raw: bytes) -> None:
    assert page.ask(f"/{page.token}/decide", raw=raw)[0] == 400


def test_a_refused_body_is_not_taken_for_the_next_request(page: Page) -> None:
    """Request smuggling: what was not read is not understood as a request of its own."""
    inner = f"GET /{page.token}/state HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode()
    head = f"POST /wrong/decide HTTP/1.1\r\nHost: {page.host}\r\nContent-Length: {len(inner)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", page.port), timeout=10) as connection:
        connection.sendall(head + inner)
        answered = b""
        while chunk := connection.recv(65536):
            answered += chunk
    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.startswith(b"HTTP/1.1 404")


def test_finishing_is_told_to_the_command(page: Page) -> None:
    assert not page.session.finished.is_set()
    assert page.post("finish", {}) == (200, {})
    assert page.session.finished.is_set()


def test_a_taken_port_is_a_clear_error(page: Page) -> None:
    with pytest.raises(UsageError, match=f"port {page.port} cannot be used"), serving(page.session, port=page.port):
        pass
