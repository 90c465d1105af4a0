"""A scan for duplicates ends in a state, also where its process cannot start."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from packshot_tests.event_loop import in_event_loop

from packshot.service.catalogues.duplicates import DuplicateScans, ScanState


@pytest.mark.parametrize("error", [OSError(12, "Cannot allocate memory"), PermissionError(13, "denied")])
def test_a_scan_whose_process_cannot_start_has_failed_and_can_be_tried_again(
    error: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []

    async def refuse(*command: object, **_: Any) -> None:
        started.append(command)
        raise error

    async def scene() -> None:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
        scans = DuplicateScans()
        first = scans.start("shop", "shop.catalogue")
        assert first.state is ScanState.RUNNING
        while first.state is ScanState.RUNNING:
            await asyncio.sleep(0.01)
        assert first.state is ScanState.FAILED
        await asyncio.sleep(0)
        again = scans.start("other", "other.catalogue")
        assert again is not first
        while again.state is ScanState.RUNNING:
            await asyncio.sleep(0.01)
        assert len(started) == 2
        await scans.close()

    in_event_loop(scene)


def test_a_scan_that_is_stopped_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(*_: object, **__: Any) -> None:
        await asyncio.sleep(60)

    async def scene() -> None:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", wait)
        scans = DuplicateScans()
        scan = scans.start("shop", "shop.catalogue")
        await asyncio.sleep(0.01)
        await scans.close()
        assert scan.state is ScanState.FAILED

    in_event_loop(scene)
