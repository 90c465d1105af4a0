"""Photos of a job while they are written: what is told to the sender, what counts, and what a full disk leaves."""

from __future__ import annotations

import asyncio
import errno
import io
from pathlib import Path

import pytest
from packshot_tests.event_loop import in_event_loop
from packshot_tests.service import Inline, client, outlined

from packshot.errors import OutputError
from packshot.service import ServiceSettings
from packshot.service.batches.batch import Batch
from packshot.service.batches.batches import Batches
from packshot.service.batches.folder import BatchFolder
from packshot.service.batches.record import BatchState, read_batch
from packshot.service.batches.running import BatchRunner
from packshot.service.fetching import Fetcher
from packshot.service.metrics import Metrics
from packshot.service.refusal import Refusal
from packshot.service.webhooks.delivery import Deliverer
from packshot.settings import Settings

PNG = {"Content-Type": "image/png"}


def batches(state: Path) -> Batches:
    (state / "jobs").mkdir(parents=True, exist_ok=True)
    metrics, serving = Metrics(io.StringIO()), ServiceSettings(state=state, workers=1)
    deliverer = Deliverer(Fetcher(1000, 1.0), (), metrics)
    runner = BatchRunner(Settings(threads=1), serving, workers=Inline(), deliverer=deliverer, metrics=metrics)
    return Batches(serving, runner, metrics)


def test_a_photo_that_a_full_disk_refuses_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written, full = BatchFolder.write_photo, {2}

    def write(self: BatchFolder, number: int, data: bytes) -> None:
        if number in full:
            raise OutputError("no space left", remedy="") from OSError(errno.ENOSPC, "no space left")
        written(self, number, data)

    monkeypatch.setattr(BatchFolder, "write_photo", write)
    state = tmp_path / "state"
    with client(ServiceSettings(state=state, workers=1)) as api:
        here = f"/v1/jobs/{api.post('/v1/jobs', json={}).json()['id']}"

        def send(name: str) -> int:
            return api.post(f"{here}/photos", params={"name": name}, content=outlined(), headers=PNG).status_code

        assert [send("one.png"), send("two.png"), send("three.png")] == [200, 503, 503]
        full.clear()
        assert send("two.png") == 200
        assert api.get(here).json()["photos"] == 2
        assert api.post(f"{here}/start").status_code == 200
        assert api.get(f"{here}/events").text.count("event: photo") == 2
        rows = api.get(f"{here}/photos").json()["photos"]
        assert [(row["photo"], row["source"], row["status"]) for row in rows] == [
            (1, "one.png", "ok"),
            (2, "two.png", "ok"),
        ]


def test_a_record_that_a_full_disk_refuses_counts_no_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        made = batches(tmp_path)
        batch = await made.make(None, ("plain",), None)
        await made.add(batch, "one", b"1")

        async def refuse(self: Batch) -> None:
            raise OutputError("no space left", remedy="")

        with monkeypatch.context() as patched:
            patched.setattr(Batch, "keep", refuse)
            with pytest.raises(OutputError):
                await made.add(batch, "two", b"2")
            assert batch.record.names == ("one",)
            assert batch.record.photo_bytes == 1
            with pytest.raises(OutputError):
                await made.begin(batch)
        assert batch.record.state is BatchState.OPEN
        assert [path.read_bytes() for path in batch.folder.sources(len(batch.record.names))] == [b"1"]
        assert await made.add(batch, "", b"3") == 2
        assert [path.read_bytes() for path in batch.folder.sources(2)] == [b"1", b"3"]
        assert batch.record.names == ("one", "photo-2")
        await made.begin(batch)

    in_event_loop(scene)


def test_photos_that_come_at_once_are_all_kept(tmp_path: Path) -> None:
    async def scene() -> None:
        made = batches(tmp_path)
        batch = await made.make(None, ("plain",), None)
        numbers = await asyncio.gather(*(made.add(batch, f"name {each}", bytes([each])) for each in range(12)))
        kept = read_batch(batch.folder.path)
        assert kept is not None
        assert kept.names == batch.record.names
        for each, number in enumerate(numbers):
            assert kept.names[number - 1] == f"name {each}"
            assert batch.folder.sources(12)[number - 1].read_bytes() == bytes([each])

    in_event_loop(scene)


@pytest.mark.parametrize("end", ["begin", "cancel", "remove"])
def test_what_ends_the_filling_waits_for_the_photo_that_is_written(tmp_path: Path, end: str) -> None:
    async def scene() -> None:
        made = batches(tmp_path)
        batch = await made.make(None, ("plain",), None)
        await made.add(batch, "one", b"1")
        adding = asyncio.create_task(made.add(batch, "two", b"2" * 20_000_000))
        await asyncio.sleep(0)  # it is being written
        late = asyncio.create_task(made.add(batch, "three", b"3"))
        await getattr(made, end)(batch)
        assert adding.done()
        assert await adding == 2
        assert batch.record.names[:2] == ("one", "two")
        if end == "remove":
            with pytest.raises(Refusal):
                await late
            assert not batch.folder.path.exists()
        else:
            assert all(path.exists() for path in batch.folder.sources(len(batch.record.names)))
            await asyncio.gather(late, return_exceptions=True)

    in_event_loop(scene)
