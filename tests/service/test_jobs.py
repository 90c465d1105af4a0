"""Jobs of many photos: what they make, what is told of them, and what is left after a restart."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from packshot_tests.command import run
from packshot_tests.event_loop import in_event_loop
from packshot_tests.service import Inline, client, opened, outlined
from starlette.testclient import TestClient

from packshot.errors import TimeLimitExceeded
from packshot.service import KeyRing, ServiceSettings, new_key
from packshot.service.batches.turns import Turns

LARGE = outlined(900, 700, box=(200, 100, 700, 600))
SMALL = outlined(700, 900, box=(100, 200, 600, 700))
PNG = {"Content-Type": "image/png"}
PATIENCE_S = 60


@pytest.fixture
def state(tmp_path: Path) -> ServiceSettings:
    return ServiceSettings(state=tmp_path / "state", workers=2)


@pytest.fixture
def api(state: ServiceSettings) -> Iterator[TestClient]:
    with client(state) as made:
        yield made


def make(api: TestClient, *photos: tuple[str, bytes], headers: dict[str, str] | None = None, **body: Any) -> str:
    made = api.post("/v1/jobs", json=body, headers=headers)
    assert made.status_code == 201, made.text
    id_: str = made.json()["id"]
    for number, (name, photo) in enumerate(photos, start=1):
        sent = api.post(f"/v1/jobs/{id_}/photos", params={"name": name}, content=photo, headers=PNG | (headers or {}))
        assert sent.json() == {"photo": number, "name": name}
    return id_


def ended(api: TestClient, id_: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while True:
        row: dict[str, Any] = api.get(f"/v1/jobs/{id_}", headers=headers).json()
        if row["state"] in {"done", "failed", "cancelled"}:
            return row
        assert time.monotonic() < until, row
        time.sleep(0.05)


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Names and data of server-sent events."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_a_photo_that_takes_too_long_names_the_setting_that_gives_it_more_time(state: ServiceSettings) -> None:
    class Slow(Inline):
        async def run_behind(self, job: Any, seconds: float) -> Any:
            raise TimeLimitExceeded(f"not finished after {seconds:g} s", remedy="")

    with client(state, workers=Slow()) as api:
        id_ = make(api, ("shoe.png", SMALL))
        api.post(f"/v1/jobs/{id_}/start")
        ended(api, id_)
        (row,) = api.get(f"/v1/jobs/{id_}/photos").json()["photos"]
    assert row["error"]["code"] == "TimeLimitExceeded"
    assert "busy or slow" in row["error"]["remedy"]
    assert "PACKSHOT_SERVE_PHOTO_S" in row["error"]["remedy"]


def test_a_job_makes_what_the_command_makes(api: TestClient, tmp_path: Path) -> None:
    id_ = make(api, ("a.png", LARGE), ("b/../b.png", SMALL), ("broken.png", LARGE[:200]), profiles=["amazon", "ebay"])
    assert api.get(f"/v1/jobs/{id_}").json()["state"] == "open"
    assert api.post(f"/v1/jobs/{id_}/start").json()["state"] in {"queued", "running"}
    row = ended(api, id_)
    assert (row["state"], row["photos"], row["done"], row["counts"]["failed"]) == ("done", 3, 3, 1)
    metrics = api.get("/metrics").text
    assert 'packshot_jobs{state="done"} 1.0' in metrics
    assert 'packshot_part_seconds_count{part="mask"} 2.0' in metrics

    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.png").write_bytes(LARGE)
    (photos / "b.png").write_bytes(SMALL)
    out = tmp_path / "out"
    options = ("--describe-model", "none", "--profile", "amazon,ebay", "--jobs", "1")
    assert run("run", str(photos), "-o", str(out), *options).code == 0
    for number, name in ((1, "a"), (2, "b")):
        for profile, folder in (("amazon", "packshots"), ("ebay", "channels/ebay")):
            picture = api.get(f"/v1/jobs/{id_}/photos/{number}/packshot?profile={profile}")
            assert picture.content == next((out / folder).rglob(f"{name}.*")).read_bytes()
        mask = api.get(f"/v1/jobs/{id_}/photos/{number}/mask")
        assert mask.content == next((out / "masks").rglob(f"{name}.png")).read_bytes()

    rows = api.get(f"/v1/jobs/{id_}/photos").json()["photos"]
    assert [(each["photo"], each["source"]) for each in rows] == [(1, "a.png"), (2, "b/../b.png"), (3, "broken.png")]
    assert rows[2]["error"]["code"] == "DamagedPhoto"
    assert str(tmp_path) not in json.dumps(rows)
    assert api.get(f"/v1/jobs/{id_}/photos/3/packshot").status_code == 404


def test_the_zip_holds_pictures_under_safe_names(api: TestClient) -> None:
    id_ = make(api, ("../../etc/shoe.png", LARGE), ("shoe.png", SMALL))
    assert api.get(f"/v1/jobs/{id_}/result.zip").status_code == 409
    api.post(f"/v1/jobs/{id_}/start")
    ended(api, id_)
    archive = zipfile.ZipFile(io.BytesIO(api.get(f"/v1/jobs/{id_}/result.zip?cutouts=true").content))
    assert archive.testzip() is None
    names = archive.namelist()
    stems = ("000001-shoe", "000002-shoe")
    assert set(names) == {
        "manifest.jsonl",
        *(f"cutouts/{stem}.png" for stem in stems),
        *(f"masks/{stem}.png" for stem in stems),
        *(name for name in names if name.startswith("packshots/plain/0000")),
    }
    assert opened(archive.read("cutouts/000001-shoe.png")).shape == (700, 900, 4)
    rows = [json.loads(line) for line in archive.read("manifest.jsonl").splitlines()]
    assert [row["source"] for row in rows] == ["../../etc/shoe.png", "shoe.png"]


def test_progress_is_told_as_it_happens(api: TestClient) -> None:
    id_ = make(api, ("a.png", LARGE), ("b.png", SMALL))
    api.post(f"/v1/jobs/{id_}/start")
    answer = api.get(f"/v1/jobs/{id_}/events")  # ends with the job
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert told[0][0] == "job"
    photos = [data for kind, data in told if kind == "photo"]
    assert sorted(data["name"] for data in photos) == ["a.png", "b.png"]
    assert [data["done"] for data in photos] == [1, 2]
    assert told[-1] == ("state", api.get(f"/v1/jobs/{id_}").json())
    later = events(api.get(f"/v1/jobs/{id_}/events", headers={"Last-Event-ID": "3"}).text)
    assert (later[0][0], later[1:]) == ("job", told[4:])


def test_what_was_begun_goes_on_after_a_restart(state: ServiceSettings) -> None:
    class Ends(Inline):
        """Does one photo, then nothing more."""

        done = 0

        async def run_behind(self, job: Any, seconds: float) -> Any:
            if self.done:
                await anyio.sleep_forever()
            self.done += 1
            return await super().run_behind(job, seconds)

    assert state.state is not None
    with client(state.model_copy(update={"workers": 1, "grace_s": 0.2}), workers=Ends()) as first:
        id_ = make(first, ("a.png", LARGE), ("b.png", SMALL))
        first.post(f"/v1/jobs/{id_}/start")
        until = time.monotonic() + PATIENCE_S
        while first.get(f"/v1/jobs/{id_}").json()["done"] < 1:
            assert time.monotonic() < until
            time.sleep(0.02)
    kept = json.loads((state.state / "jobs" / id_ / "job.json").read_text())
    assert kept["state"] == "running"
    with client(state) as second:
        assert ended(second, id_)["state"] == "done"
        photos = second.get(f"/v1/jobs/{id_}/photos").json()["photos"]
    assert [photo["source"] for photo in photos] == ["a.png", "b.png"]


class Held(Inline):
    """Does no photo before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.begun = threading.Event()

    async def run_behind(self, job: Any, seconds: float) -> Any:
        self.begun.set()
        await anyio.to_thread.run_sync(self.may.wait)
        return await super().run_behind(job, seconds)


def test_cancel_finishes_what_is_in_hand_and_delete_removes_everything(state: ServiceSettings) -> None:
    held = Held()
    with client(state.model_copy(update={"workers": 1}), workers=held) as api:
        id_ = make(api, *((f"{number}.png", LARGE) for number in range(4)))
        api.post(f"/v1/jobs/{id_}/start")
        assert held.begun.wait(PATIENCE_S)
        asked = threading.Thread(target=lambda: api.post(f"/v1/jobs/{id_}/cancel"))
        asked.start()
        time.sleep(0.2)
        held.may.set()
        asked.join()
        row = ended(api, id_)
        assert (row["state"], row["done"]) == ("cancelled", 1)
        assert len(api.get(f"/v1/jobs/{id_}/photos").json()["photos"]) == 1
        assert api.post(f"/v1/jobs/{id_}/cancel").status_code == 409
        assert api.post(f"/v1/jobs/{id_}/start").status_code == 409
        assert api.delete(f"/v1/jobs/{id_}").status_code == 204
        assert api.get(f"/v1/jobs/{id_}").status_code == 404
        assert state.state is not None
        assert list((state.state / "jobs").iterdir()) == []


def test_requests_go_before_the_photos_of_jobs(state: ServiceSettings) -> None:
    """Shown with a queue of things: who stands behind is served when nobody else waits."""
    from packshot.service.waiting import Waiting

    async def order() -> list[str]:
        line: Waiting[int] = Waiting()
        came: list[str] = []

        async def take(name: str, *, behind: bool) -> None:
            await line.take(5, behind=behind)
            came.append(name)

        async with anyio.create_task_group() as group:
            for name, behind in (("job 1", True), ("request 1", False), ("job 2", True), ("request 2", False)):
                group.start_soon(lambda name=name, behind=behind: take(name, behind=behind))
            await anyio.sleep(0.05)
            for number in range(4):
                line.give(number)
                await anyio.sleep(0.01)
        return came

    assert in_event_loop(order) == ["request 1", "request 2", "job 1", "job 2"]


def test_jobs_of_other_keys_do_not_exist(state: ServiceSettings) -> None:
    (ann, ann_key), (bob, bob_key) = new_key("ann"), new_key("bob")
    with client(state, keys=KeyRing([ann_key, bob_key])) as api:
        id_ = make(api, ("a.png", LARGE), headers={"X-API-Key": ann})
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/start"), ("GET", "/photos"), ("GET", "/events")):
            assert api.request(method, f"/v1/jobs/{id_}{path}", headers={"X-API-Key": bob}).status_code == 404
        assert api.get("/v1/jobs", headers={"X-API-Key": bob}).json() == []
        assert [job["id"] for job in api.get("/v1/jobs", headers={"X-API-Key": ann}).json()] == [id_]


def test_the_same_request_under_one_idempotency_key_is_done_once(state: ServiceSettings) -> None:
    headers = {"Idempotency-Key": "7f1d"}
    with client(state) as api:
        first = api.post("/v1/jobs", json={"profiles": ["ebay"]}, headers=headers)
        again = api.post("/v1/jobs", json={"profiles": ["ebay"]}, headers=headers)
        assert (again.status_code, again.json()) == (201, first.json())
        assert api.post("/v1/jobs", json={"profiles": ["amazon"]}, headers=headers).status_code == 422
        assert len(api.get("/v1/jobs").json()) == 1
        address = f"/v1/jobs/{first.json()['id']}/photos"
        for _ in range(2):
            sent = api.post(address, content=LARGE, headers=PNG | headers | {"Idempotency-Key": "photo"})
            assert sent.json()["photo"] == 1
        assert api.post(address, content=SMALL, headers=PNG | {"Idempotency-Key": "photo"}).status_code == 422
        assert api.post("/v1/jobs", json={}, headers={"Idempotency-Key": "x" * 300}).status_code == 400
    with client(state) as restarted:
        later = restarted.post("/v1/jobs", json={"profiles": ["ebay"]}, headers=headers)
        assert later.json()["id"] == first.json()["id"]


def test_jobs_go_when_their_time_is_over(state: ServiceSettings) -> None:
    with client(state) as api:
        id_ = make(api, ("a.png", LARGE))
        api.post(f"/v1/jobs/{id_}/start")
        ended(api, id_)
    time.sleep(2.1)  # times are kept to the second
    assert state.state is not None
    with client(state.model_copy(update={"keep_hours": 1e-9})):
        until = time.monotonic() + PATIENCE_S
        while any((state.state / "jobs").iterdir()):
            assert time.monotonic() < until
            time.sleep(0.05)


def test_a_deletion_that_was_killed_half_way_is_finished_by_the_next_start(state: ServiceSettings) -> None:
    with client(state) as api:
        id_ = make(api, ("a.png", LARGE))
    assert state.state is not None
    folder = state.state / "jobs" / id_
    folder.rename(folder.with_name(f".removed-{id_}"))  # what DELETE does first
    with client(state) as api:
        assert api.get("/v1/jobs").json() == []
        assert list((state.state / "jobs").iterdir()) == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"profiles": ["../amazon"]}, 400),
        ({"profiles": ["amazon", "amazon"]}, 400),
        ({"profiles": []}, 422),
        ({"profile": "amazon"}, 422),
        ({"webhook": "http://example.com/"}, 400),
    ],
)
def test_refusals(api: TestClient, body: dict[str, Any], status: int) -> None:
    assert api.post("/v1/jobs", json=body).status_code == status
    assert api.get("/v1/jobs").json() == []


def test_limits(state: ServiceSettings) -> None:
    with client(state.model_copy(update={"jobs": 1, "job_photos": 1, "job_megabytes": 0.5})) as api:
        id_ = make(api, ("a.png", LARGE))
        assert api.post("/v1/jobs", json={}).status_code == 409
        assert api.post(f"/v1/jobs/{id_}/photos", content=LARGE, headers=PNG).status_code == 409
        assert api.delete(f"/v1/jobs/{id_}").status_code == 204
        empty = make(api)
        assert api.post(f"/v1/jobs/{empty}/start").status_code == 409
        large = api.post(f"/v1/jobs/{empty}/photos", content=b"x" * 600_000, headers=PNG)
        assert large.status_code == 413
    with client() as without:
        assert without.post("/v1/jobs", json={}).status_code == 501


def test_results_of_a_job_can_be_reviewed(api: TestClient) -> None:
    id_ = make(api, ("a.png", LARGE))
    assert api.get(f"/v1/reviews/{id_}").status_code == 404
    api.post(f"/v1/jobs/{id_}/start")
    ended(api, id_)
    (photo,) = api.get(f"/v1/reviews/{id_}/photos?which=all").json()["photos"]
    body = {"decision": {"kind": "approve"}, "seen": photo["seen"]}
    assert api.post(f"/v1/reviews/{id_}/photos/{photo['id']}/decisions", json=body).status_code == 200


def test_a_small_job_does_not_wait_behind_a_large_one(state: ServiceSettings) -> None:
    held = Held()
    with client(state.model_copy(update={"workers": 1}), workers=held) as api:
        large = make(api, *((f"{number}.png", outlined()) for number in range(40)), profiles=["amazon"])
        api.post(f"/v1/jobs/{large}/start")
        assert held.begun.wait(PATIENCE_S)
        small = make(api, *((f"{number}.png", outlined()) for number in range(3)), profiles=["ebay"])
        api.post(f"/v1/jobs/{small}/start")
        until = time.monotonic() + PATIENCE_S
        while api.get(f"/v1/jobs/{small}").json()["state"] != "running":
            assert time.monotonic() < until
            time.sleep(0.02)
        held.may.set()
        assert ended(api, small)["done"] == 3
        assert api.get(f"/v1/jobs/{large}").json()["done"] < 40
        assert ended(api, large)["done"] == 40


def test_keys_take_turns_and_so_do_the_jobs_of_one_key() -> None:
    order: list[str] = []

    class Counts:
        async def run_behind(self, job: Any, seconds: float) -> Any:
            await anyio.sleep(0)
            order.append(job)

    async def all_of_them() -> None:
        turns = Turns(Counts(), at_once=1)
        async with anyio.create_task_group() as group:
            for owner, job, photos in (("ann", "a", 4), ("ann", "b", 2), ("ben", "c", 3)):
                for _ in range(photos):
                    group.start_soon(turns.of(owner, job).run_behind, job, 1.0)
            await anyio.sleep(0)

    in_event_loop(all_of_them)
    # Ann and Ben in turn, Ann's turns between her two jobs; the first photo was alone when it came.
    assert "".join(order) == "acbcacbaa"


def test_who_leaves_takes_no_turn() -> None:
    order: list[str] = []

    class Counts:
        async def run_behind(self, job: Any, seconds: float) -> Any:
            await anyio.sleep(0.01)
            order.append(job)

    async def all_of_them() -> None:
        turns = Turns(Counts(), at_once=1)
        async with anyio.create_task_group() as group:
            group.start_soon(turns.of(None, "a").run_behind, "a", 1.0)
            await anyio.sleep(0)
            with anyio.move_on_after(0):
                await turns.of(None, "gone").run_behind("gone", 1.0)
            for job in ("b", "c"):
                group.start_soon(turns.of(None, job).run_behind, job, 1.0)

    in_event_loop(all_of_them)
    assert order == ["a", "b", "c"]
