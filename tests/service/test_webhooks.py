"""Webhooks: signed as Standard Webhooks has it, through the guard, again until they are taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.command import run
from packshot_tests.service import client, outlined
from starlette.testclient import TestClient

from packshot.service import ServiceSettings
from packshot.service.fetching import Fetcher, FetchRefused
from packshot.service.webhooks.signing import read_secrets, signed

PHOTO = outlined(900, 700, box=(200, 100, 700, 600))
PATIENCE_S = 60


class Ear:
    """An address that takes messages, with statuses in turn; the last one stays."""

    def __init__(self, *statuses: int) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        left = list(statuses)
        heard = self.heard

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(left.pop(0) if len(left) > 1 else left[0])
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count: int) -> None:
        until = time.monotonic() + PATIENCE_S
        while len(self.heard) < count:
            assert time.monotonic() < until
            time.sleep(0.02)


@pytest.fixture
def ear() -> Iterator[Any]:
    made: list[Ear] = []

    def make(*statuses: int) -> Ear:
        made.append(Ear(*statuses))
        return made[-1]

    yield make
    for each in made:
        each.server.shutdown()
        each.server.server_close()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Two, as while they are exchanged."""
    file = tmp_path / "secrets.txt"
    file.write_text("".join(run("serve", "--new-secret").out for _ in range(2)))
    return file


def allowing(api: TestClient, port: int) -> None:
    """Let this test's own address through the guard, and do not wait long between attempts."""
    deliverer = api.app.state.service.deliverer  # type: ignore[attr-defined]
    deliverer.fetcher = replace(deliverer.fetcher, allowed=lambda _: True, ports=frozenset({port}))
    deliverer.pauses_s = (0, 0, 0)


def done(api: TestClient, url: str) -> str:
    made = api.post("/v1/jobs", json={"webhook": url})
    assert made.status_code == 201, made.text
    id_: str = made.json()["id"]
    api.post(f"/v1/jobs/{id_}/photos", content=PHOTO, headers={"Content-Type": "image/png"})
    api.post(f"/v1/jobs/{id_}/start")
    return id_


def told(api: TestClient, id_: str, *, taken: bool | None) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while True:
        hook: dict[str, Any] = api.get(f"/v1/jobs/{id_}").json()["webhook"]
        if hook["attempts"] and hook["due"] is None and hook["taken"] is taken:
            return hook
        assert time.monotonic() < until, hook
        time.sleep(0.05)


def test_a_message_is_signed_by_every_secret_and_sent_until_it_is_taken(
    tmp_path: Path, secrets: Path, ear: Any
) -> None:
    heard = ear(500, 302, 200)
    with client(ServiceSettings(state=tmp_path / "state", webhook_secrets=secrets)) as api:
        allowing(api, heard.port)
        id_ = done(api, f"http://127.0.0.1:{heard.port}/hook?a=1")
        heard.wait(3)
        assert told(api, id_, taken=True)["attempts"] == 3
    keys = [base64.b64decode(line.removeprefix("whsec_")) for line in secrets.read_text().split()]
    for headers, body in heard.heard:
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = ["v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode() for key in keys]
        assert headers["webhook-signature"].split() == expected
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
        assert headers["content-type"] == "application/json"
    assert len({headers["webhook-id"] for headers, _ in heard.heard}) == 1
    message = json.loads(heard.heard[-1][1])
    assert (message["type"], message["data"]["id"], message["data"]["state"]) == ("job.done", id_, "done")


def test_a_message_that_nobody_takes_is_given_up(tmp_path: Path, secrets: Path, ear: Any) -> None:
    heard = ear(503)
    with client(ServiceSettings(state=tmp_path / "state", webhook_secrets=secrets)) as api:
        allowing(api, heard.port)
        id_ = done(api, f"http://127.0.0.1:{heard.port}/")
        assert told(api, id_, taken=False)["attempts"] == 4
        assert 'packshot_webhooks_total{outcome="given_up"} 1.0' in api.get("/metrics").text


def test_who_is_gone_is_not_asked_again(tmp_path: Path, secrets: Path, ear: Any) -> None:
    heard = ear(410)
    with client(ServiceSettings(state=tmp_path / "state", webhook_secrets=secrets)) as api:
        allowing(api, heard.port)
        assert told(api, done(api, f"http://127.0.0.1:{heard.port}/"), taken=False)["attempts"] == 1


def test_what_was_not_taken_is_sent_after_a_restart(tmp_path: Path, secrets: Path, ear: Any) -> None:
    heard = ear(500, 200)
    serving = ServiceSettings(state=tmp_path / "state", webhook_secrets=secrets)
    with client(serving) as api:
        allowing(api, heard.port)
        api.app.state.service.deliverer.pauses_s = (3600,)  # type: ignore[attr-defined]
        id_ = done(api, f"http://127.0.0.1:{heard.port}/")
        heard.wait(1)
        kept = tmp_path / "state" / "jobs" / id_ / "job.json"
        until = time.monotonic() + PATIENCE_S
        while not json.loads(kept.read_text())["hook"]["attempts"]:
            assert time.monotonic() < until
            time.sleep(0.02)
    record = json.loads(kept.read_text())
    record["hook"]["due"] = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()  # as if the hour were nearly over
    kept.write_text(json.dumps(record))
    with client(serving) as api:
        allowing(api, heard.port)
        assert told(api, id_, taken=True)["attempts"] == 2


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "file:///"]
)
def test_messages_go_through_the_guard(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(1000, 2.0).post(url, b"{}", {})


@pytest.mark.parametrize("url", ["ftp://example.com/", "nothing", "http://user:word@example.com/", "http://a:99/"])
def test_what_is_no_address_is_refused_at_once(tmp_path: Path, secrets: Path, url: str) -> None:
    with client(ServiceSettings(state=tmp_path / "state", webhook_secrets=secrets)) as api:
        answer = api.post("/v1/jobs", json={"webhook": url})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_webhook")
        assert api.get("/v1/jobs").json() == []


def test_the_vector_of_the_standards_own_libraries() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed([key], id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("text", ["", "# none\n", "whsec_short\n", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "whsec_!!\n"])
def test_files_that_hold_no_secret(tmp_path: Path, text: str) -> None:
    from packshot.errors import UsageError

    file = tmp_path / "secrets.txt"
    file.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_secrets(file)
    assert "MfKQ" not in str(refused.value)
