"""What was started is ended, also where something else does not start."""

from __future__ import annotations

from pathlib import Path

import pytest
from packshot_tests.service import Inline, client

from packshot.service import ServiceSettings


class Told(Inline):
    """Notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("start")

    async def close(self) -> None:
        self.told.append("close")


def test_workers_are_ended_once_with_the_service() -> None:
    workers = Told()
    with client(workers=workers):
        assert workers.told == ["start"]
    assert workers.told == ["start", "close"]


def test_workers_are_ended_where_the_jobs_of_before_cannot_be_taken_up(tmp_path: Path) -> None:
    """Else their processes keep the command alive, which says nothing any more."""
    workers = Told()
    service = client(ServiceSettings(state=tmp_path), workers=workers)

    def fail() -> None:
        raise PermissionError("jobs")

    service.app.state.service.batches.start = fail
    with pytest.raises(PermissionError), service:
        pass
    assert workers.told == ["start", "close"]
