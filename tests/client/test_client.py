"""The client, against a service that listens: it gives what the service gives, and says what it says."""

from __future__ import annotations

import http.server
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.listening import Listening, listening
from packshot_tests.service import RED, opened, outlined, png
from packshot_tests.shop import Shop

from packshot.client import Client, ServiceBusy, ServiceError, ServiceFailed, ServiceRefused, ServiceUnreachable
from packshot.errors import UnreadablePhoto, UsageError
from packshot.service import KeyRing, ServiceSettings, new_key

LARGE = outlined(900, 700, box=(200, 100, 700, 600))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    made = Shop(tmp_path_factory.mktemp("shop"))
    made.add("photos/a.png", tint=1)
    made.add("photos/b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    return made


@pytest.fixture(scope="module")
def served(shop: Shop) -> Iterator[Listening]:
    with listening(ServiceSettings(state=shop.root / "state", runs=(f"shop={shop.out}",))) as made:
        yield made


@pytest.fixture
def service(served: Listening) -> Iterator[Client]:
    with Client(f"http://127.0.0.1:{served.port}") as made:
        yield made


def test_pictures_with_what_is_said_of_them(service: Client, tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(outlined())
    cutout = service.cutout(tmp_path / "shoe.png")
    assert tuple(opened(cutout.content)[35, 50]) == RED
    assert (cutout.media_type, cutout.uncertainty, cutout.doubts) == ("image/png", 0.0, ())
    cutout.save(tmp_path / "cutout.png")
    assert (tmp_path / "cutout.png").read_bytes() == cutout.content
    assert opened(service.cutout(outlined(), mask=True, format="webp").content).shape == (60, 80, 3)
    packshot = service.process(LARGE, profile="amazon")
    assert (packshot.media_type, packshot.status in {"ok", "review"}) == ("image/jpeg", True)


def test_rows(service: Client) -> None:
    assert list(service.process_all(LARGE, ["ebay", "plain"])["packshots"]) == ["ebay", "plain"]  # type: ignore[arg-type]
    assert service.frame(outlined())["framed"] is False
    assert service.check(png(opened(LARGE)[..., :3].copy()), "amazon", on="2026-11-29")["on"] == "2026-11-29"
    assert "amazon" in [profile["name"] for profile in service.profiles()]
    assert service.models()[0]["name"] == "cutout"


def test_a_job(service: Client, tmp_path: Path) -> None:
    (tmp_path / "shoe.png").write_bytes(LARGE)
    job = service.new_job(["ebay"])
    assert (job.add(tmp_path / "shoe.png"), job.add(b"text", name="text.jpg")) == (1, 2)
    job.start()
    told = list(service.job(job.id).events())
    assert told[0].kind == "job"
    row = job.wait()
    assert (row["state"], row["done"]) == ("done", 2)
    assert [photo["status"] == "failed" for photo in job.photos()] == [False, True]
    assert job.picture(1).media_type == "image/jpeg"
    assert opened(job.picture(1, "mask").content).shape == (700, 900)
    job.save_zip(tmp_path / "all.zip")
    assert "packshots/ebay/000001-shoe.jpg" in zipfile.ZipFile(tmp_path / "all.zip").namelist()
    with pytest.raises(ServiceRefused) as refused:
        job.cancel()
    assert refused.value.status == 409
    job.delete()
    with pytest.raises(ServiceRefused):
        job.row()


def test_a_review(service: Client, shop: Shop) -> None:
    review = service.review("shop")
    first = next(review.queue())
    made = review.decide(str(first["id"]), {"kind": "approve"}, seen=str(first["seen"]))
    assert made["decision"]["kind"] == "approve"  # type: ignore[index, call-overload]
    assert first["id"] not in [photo["id"] for photo in review.queue()]
    with pytest.raises(ServiceRefused) as stale:
        review.decide(str(first["id"]), {"kind": "approve"}, seen="0" * 12)
    assert (stale.value.status, stale.value.service_code) == (409, "ResultChanged")
    review.undo(str(first["id"]))
    assert [photo["id"] for photo in review.queue(why="held")] == [first["id"]]
    assert review.picture(str(first["id"]), "packshot").media_type == "image/png"


def test_errors_say_what_the_service_says(service: Client, tmp_path: Path) -> None:
    with pytest.raises(ServiceRefused) as refused:
        service.cutout(b"text")
    assert (refused.value.status, refused.value.service_code) == (415, "UnsupportedFormat")
    assert len(refused.value.request_id) == 32
    assert refused.value.remedy
    with pytest.raises(UnreadablePhoto):
        service.cutout(tmp_path / "nothing.jpg")
    with pytest.raises(UsageError):
        Client("ftp://example.com")


def test_keys(tmp_path: Path) -> None:
    secret, key = new_key("studio")
    with listening(keys=KeyRing([key])) as made:
        address = f"http://127.0.0.1:{made.port}"
        with Client(address, key=secret) as service:
            assert service.profiles()
        with Client(address) as service, pytest.raises(ServiceRefused) as refused:
            service.profiles()
    assert (refused.value.status, refused.value.service_code) == (401, "unauthorised")


class Stand:
    """A server that answers in turn; the last answer stays."""

    def __init__(self, *answers: tuple[int, str, dict[str, str]]) -> None:
        self.asked = 0
        stand = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, body, headers = answers[min(stand.asked, len(answers) - 1)]
                stand.asked += 1
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body.encode())

            do_POST = do_GET

            def log_message(self, *_: Any) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


BUSY = '{"error": {"code": "busy", "message": "the queue is full", "remedy": "later", "request_id": "1"}}'


@pytest.mark.parametrize(
    ("answers", "error", "asked"),
    [
        ([(503, BUSY, {"Retry-After": "0"}), (200, "[]", {})], None, 2),
        ([(429, BUSY, {"Retry-After": "0"})], ServiceBusy, 3),
        ([(500, BUSY, {})], ServiceFailed, 1),
        ([(502, "<html>", {})], ServiceFailed, 1),
        ([(200, "<html>", {})], ServiceFailed, 1),
        ([(200, '{"a": 1}', {})], ServiceFailed, 1),
        ([(404, BUSY, {})], ServiceRefused, 1),
    ],
)
def test_it_asks_again_where_the_service_is_busy_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, answers: list[Any], error: type[ServiceError] | None, asked: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    stand = Stand(*answers)
    try:
        with Client(stand.url, attempts=3) as service:
            if error is None:
                assert service.profiles() == []
            else:
                with pytest.raises(error):
                    service.profiles()
        assert stand.asked == asked
    finally:
        stand.close()


def test_what_changes_something_is_not_asked_twice() -> None:
    stand = Stand((503, BUSY, {"Retry-After": "0"}))
    try:
        with Client(stand.url) as service, pytest.raises(ServiceBusy):
            service.job("0" * 32).start()
        assert stand.asked == 1
    finally:
        stand.close()


@pytest.mark.parametrize("url", ["", "shop.example", "ftp://shop.example", "http://[bad/", "http://shop.example:port"])
def test_what_is_no_address_of_a_service(url: str) -> None:
    with pytest.raises(UsageError, match="no address of a service"):
        Client(url)


def test_nobody_there() -> None:
    stand = Stand((200, "[]", {}))
    stand.close()
    with Client(stand.url, attempts=1) as service, pytest.raises(ServiceUnreachable):
        service.profiles()
