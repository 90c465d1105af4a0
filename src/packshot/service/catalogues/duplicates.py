"""Looking for duplicates in a catalogue: minutes for thousands of photos, so a process of its own does it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from packshot.errors import InternalError
from packshot.service.refusal import Refusal

if TYPE_CHECKING:
    from packshot.duplicates import GroupRow

__all__ = ["DuplicateScans", "Scan", "ScanState"]

_LONGEST_LINE = 16_000_000  # bytes; a group names all its photos


class ScanState(StrEnum):
    """Where a scan is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Scan:
    """One of them.

    Attributes:
        state: where it is.
        groups: as `packshot duplicates --json` says them.
        failed: photos that could not be read.
    """

    state: ScanState = ScanState.RUNNING
    groups: list[GroupRow] = field(default_factory=list)
    failed: int = 0


class DuplicateScans:
    """The last scan of each catalogue; one runs at a time. It runs ``packshot duplicates -c CATALOGUE --json``."""

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._task: asyncio.Task[None] | None = None

    def last(self, name: str) -> Scan | None:
        """The last scan of a catalogue; None where there was none since the service began."""
        return self._scans.get(name)

    def start(self, name: str, uri: str) -> Scan:
        """Begin one; the one that runs, if it is this catalogue's.

        Args:
            name: of the catalogue.
            uri: of the catalogue, as the service was given it.

        Raises:
            Refusal: 409, another catalogue's runs.
        """
        last = self._scans.get(name)
        if last is not None and last.state is ScanState.RUNNING:
            return last
        if self._task is not None and not self._task.done():
            raise Refusal(409, "scan_running", "another catalogue is being looked through", "try again when it is done")
        scan = self._scans[name] = Scan()
        self._task = asyncio.create_task(_run(scan, uri))
        return scan

    async def close(self) -> None:
        """End the one that runs."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


async def _run(scan: Scan, uri: str) -> None:
    """Look, and end in one of the states that say so, whatever happens."""
    try:
        await _scan(scan, uri)
        scan.state = ScanState.DONE
    except (OSError, ValueError, InternalError):  # the process cannot start, prints something else, or fails
        scan.state = ScanState.FAILED
    except BaseException:
        scan.state = ScanState.FAILED
        raise


async def _scan(scan: Scan, uri: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "packshot", "duplicates", "--json", "-c", uri),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        async for line in process.stdout:
            row = json.loads(line)
            if "group" in row:
                scan.groups.append(row)
            else:
                scan.failed += 1
        if await process.wait() not in {0, 3}:
            raise InternalError("duplicates could not be looked for", remedy="see `packshot duplicates -c CATALOGUE`")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
