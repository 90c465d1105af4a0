"""Answers that are kept for a day are removed after it, while the service runs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from packshot_tests.event_loop import in_event_loop
from packshot_tests.service import client
from starlette.requests import Request

from packshot.service import ServiceSettings, app
from packshot.service.idempotency import Idempotency

DAY_S = 86_400.0


def test_answers_older_than_a_day_are_forgotten_on_the_disk_and_in_memory(tmp_path: Path) -> None:
    now = 0.0
    kept = Idempotency(tmp_path, clock=lambda: now)

    async def send(key: str) -> None:
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "state": {}}
        request = Request({**scope, "headers": [(b"idempotency-key", key.encode())]})

        async def work() -> tuple[int, dict[str, object]]:
            return 200, {"key": key}

        await kept.once(request, "same", work)

    for day in range(3):
        now = day * DAY_S
        for number in range(4):
            in_event_loop(lambda key=f"{day}-{number}": send(key))  # type: ignore[misc]
    now += 1.0
    kept.forget_old()
    assert len(list(tmp_path.iterdir())) == 4
    assert len(kept._known) == 4
    now += DAY_S
    kept.forget_old()
    assert list(tmp_path.iterdir()) == []
    assert kept._known == {}


def test_a_service_that_runs_on_removes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_FORGET_S", 0.02)
    folder = tmp_path / "state" / "idempotency"
    folder.mkdir(parents=True)
    young = {"at": time.time(), "fingerprint": "", "status": 200, "data": {}}
    with client(ServiceSettings(state=tmp_path / "state")) as api:
        assert api.get("/health").status_code == 200
        (folder / "young.json").write_text(json.dumps(young))
        (folder / "old.json").write_text(json.dumps({**young, "at": time.time() - DAY_S - 1}))
        until = time.monotonic() + 30
        while (folder / "old.json").exists():
            assert time.monotonic() < until
            time.sleep(0.02)
        assert (folder / "young.json").exists()
