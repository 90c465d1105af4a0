"""Bodies: counted before they are held, timed, and nothing but forms, JSON and pictures."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from packshot_tests.service import client, outlined, png
from starlette.testclient import TestClient

from packshot.service import ServiceSettings

PHOTO = outlined()
SMALL = ServiceSettings(max_upload_megabytes=0.01, body_s=0.5)


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_length_that_is_declared_is_believed_before_a_byte_is_read() -> None:
    read = []

    def body() -> Iterator[bytes]:
        read.append(1)
        yield b"x"

    with client(SMALL) as api:
        headers = {"Content-Type": "image/png", "Content-Length": "99999999"}
        answer = api.post("/v1/cutout", content=body(), headers=headers)
    assert refused(answer) == (413, "file_too_large")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("kind", ["image/png", "application/json", "application/octet-stream"])
def test_a_body_without_a_length_is_counted(kind: str) -> None:
    with client(SMALL) as api:
        answer = api.post("/v1/cutout", content=(b"x" * 100_000 for _ in range(1000)), headers={"Content-Type": kind})
    assert refused(answer) == (413, "file_too_large")


def test_a_file_is_measured_too() -> None:
    with client(SMALL) as api:
        answer = api.post("/v1/cutout", files={"file": ("a.png", b"\0" * 10_001)})
        assert refused(answer) == (413, "file_too_large")
        assert refused(api.post("/v1/cutout", content=b"\0" * 10_001, headers={"Content-Type": "image/png"}))[0] == 413
        assert api.post("/v1/cutout", files={"file": ("a.png", PHOTO)}).status_code == 200


@pytest.mark.parametrize("kind", ["text/html", "", "application/xml", "video/mp4", "multipart/mixed"])
def test_other_types(api: TestClient, kind: str) -> None:
    answer = api.post("/v1/cutout", content=PHOTO, headers={"Content-Type": kind})
    assert refused(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"no part at all"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a: b\r\n" * 5000 + b"\r\n\r\n--x--\r\n"),
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b'{"a": {"b": 1}}'),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
    ],
)
def test_forms_that_are_none(api: TestClient, kind: str, body: bytes) -> None:
    answer = api.post("/v1/cutout", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_ten_thousand_fields(api: TestClient) -> None:
    for sent in ({"data": {f"f{i}": "1" for i in range(10_000)}}, {"json": {f"f{i}": "1" for i in range(10_000)}}):
        assert api.post("/v1/cutout", **sent).status_code == 400
    files = [(f"f{i}", ("a.png", PHOTO)) for i in range(20)]
    assert api.post("/v1/cutout", files=files).status_code == 400


def test_a_field_twice(api: TestClient) -> None:
    files = [("file", ("a.png", PHOTO)), ("file", ("b.png", PHOTO))]
    assert refused(api.post("/v1/cutout", files=files)) == (400, "duplicate_field")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\photo.png", "a\x00b.png", "x" * 5000, "<script>"]
)
def test_a_file_name_means_nothing(api: TestClient, name: str) -> None:
    answer = api.post("/v1/cutout", files={"file": (name, b"no picture")})
    assert answer.status_code == (400 if len(name) > 4000 else 415)  # longer than a head of a part may be
    assert name not in answer.text


def test_a_small_file_that_claims_many_pixels(api: TestClient) -> None:
    bomb = bytearray(png(np.zeros((1, 1, 3), np.uint8)))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    started = time.monotonic()
    assert api.post("/v1/cutout", files={"file": ("a.png", bytes(bomb))}).status_code in {413, 422}
    assert time.monotonic() - started < 20


def test_fields_stay_out_of_the_log() -> None:
    log = io.StringIO()
    with client(log=log) as api:
        api.post("/v1.0/removebg", data={"image_url": "https://secret.example/a.jpg"}, headers={"X-API-Key": "hidden"})
        api.post("/v1/cutout?model=private", files={"file": ("private.png", b"private")})
        api.get("/v1/profiles/private")
    written = log.getvalue()
    assert written.count("\n") == 3
    assert not [word for word in ("secret", "private", "hidden") if word in written]
