"""The application for another server: by the environment alone, and never without keys."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from packshot.errors import UsageError
from packshot.service import asgi
from packshot.service.keys import new_key


def test_it_is_refused_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACKSHOT_SERVE_KEYS", raising=False)
    with pytest.raises(UsageError, match="no key is asked for"):
        asgi.application()


def test_it_asks_for_a_key_wherever_it_is_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret, key = new_key("studio")
    (tmp_path / "keys.txt").write_text(key.line + "\n")
    monkeypatch.setenv("PACKSHOT_SERVE_KEYS", str(tmp_path / "keys.txt"))
    client = TestClient(asgi.app, base_url="http://photos.example")
    assert client.get("/health").status_code == 200
    assert client.get("/v1/profiles").status_code == 401
    assert client.get("/v1/profiles", headers={"X-API-Key": secret}).status_code == 200
