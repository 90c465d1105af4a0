"""What real clients send, byte by byte as `recorded/record.py` heard it, and plain HTTP as a script sends it."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.listening import Listening, fields, listening, status
from packshot_tests.service import opened, outlined

from packshot.service import ServiceSettings

RECORDED = Path(__file__).parent / "recorded"
PHOTO = outlined()


class Photo:
    """In place of what an address gives."""

    def fetch(self, url: str, *, seconds: float) -> bytes:
        assert 0 < seconds <= 60
        assert url == "https://example.com/photo.png"
        return PHOTO


@pytest.fixture(scope="module")
def served() -> Iterator[Listening]:
    with listening(ServiceSettings(fetch_urls=True)) as made:
        made.app.state.service.fetcher = Photo()
        yield made


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        # crop=true and scale=50%: packshot crops, and then does not scale.
        ("npm-remove.bg-1.3.0-file", (30, 40, 4)),
        ("npm-remove.bg-1.3.0-base64", (60, 80, 3)),
        ("npm-remove.bg-1.3.0-url", (60, 80, 4)),
        ("pypi-removebg-0.4-file", (60, 80, 3)),
        ("pypi-removebg-0.4-base64", (60, 80, 4)),
        ("pypi-removebg-0.4-url", (60, 80, 4)),
        ("requests", (60, 80, 4)),
        ("curl", (60, 80, 4)),
    ],
)
def test_what_clients_of_removebg_send(served: Listening, name: str, shape: tuple[int, ...]) -> None:
    answer = served.send((RECORDED / f"{name}.http").read_bytes())
    assert status(answer) == 200, answer[:500]
    head, _, body = answer.partition(b"\r\n\r\n")
    headers = fields(head)
    if name.startswith("npm"):  # reads these, and the picture from JSON
        assert {b"x-credits-charged", b"x-type", b"x-width", b"x-height"} <= set(headers)
        body = base64.b64decode(json.loads(body)["data"]["result_b64"])
    assert opened(body).shape == shape


def test_every_recording_is_sent(served: Listening) -> None:
    names = {path.stem for path in RECORDED.glob("*.http")}
    assert len(names) == 8


def ask(served: Listening, path: str, data: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}", data, headers)
    return urllib.request.urlopen(request, timeout=60)


@pytest.mark.parametrize(
    ("path", "name"), [("/v1.0/removebg", "image_file"), ("/api/remove", "file"), ("/v1/cutout", "file")]
)
def test_a_form_of_a_script_without_any_library(served: Listening, path: str, name: str) -> None:
    edge = "boundary"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
    body = head.encode() + PHOTO + f"\r\n--{edge}--\r\n".encode()
    with ask(served, path, body, **{"Content-Type": f"multipart/form-data; boundary={edge}"}) as answer:
        assert answer.status == 200
        assert opened(answer.read()).shape == (60, 80, 4)


def test_errors_of_a_script_without_any_library(served: Listening) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(served, "/v1.0/removebg", b"size=full", **{"Content-Type": "application/x-www-form-urlencoded"})
    with refused.value as answer:
        assert (answer.code, json.load(answer)["errors"][0]["code"]) == (400, "missing_source")


def test_rembgs_addresses(served: Listening) -> None:
    with ask(served, "/api/remove?url=https://example.com/photo.png") as answer:
        assert opened(answer.read()).shape == (60, 80, 4)
