"""Jobs of two keys: one sees and decides on nothing of the other's, and no answer names a file of the service's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from packshot_tests.service import client, outlined
from starlette.testclient import TestClient

from packshot.service import KeyRing, ServiceSettings, new_key

PATIENCE_S = 60
PNG = {"Content-Type": "image/png"}
ANNA_SECRET, ANNA = new_key("anna")
BERT_SECRET, BERT = new_key("bert")


@pytest.fixture
def job(tmp_path: Path) -> Iterator[tuple[TestClient, str, Path]]:
    """A client with Anna's key, and her job, done: two photos are fit, one is torn."""
    state = tmp_path / "state"
    with client(ServiceSettings(state=state, workers=1), keys=KeyRing([ANNA, BERT])) as api:
        api.headers["X-API-Key"] = ANNA_SECRET
        id_ = api.post("/v1/jobs", json={}).json()["id"]
        for name, photo in (("in/shoe.png", outlined()), ("bag.png", outlined(90)), ("torn.png", outlined()[:70])):
            sent = api.post(f"/v1/jobs/{id_}/photos", params={"name": name}, content=photo, headers=PNG)
            assert sent.status_code == 200
        api.post(f"/v1/jobs/{id_}/start")
        until = time.monotonic() + PATIENCE_S
        while api.get(f"/v1/jobs/{id_}").json()["state"] != "done":
            assert time.monotonic() < until
            time.sleep(0.05)
        yield api, id_, state


def test_another_key_sees_and_decides_nothing(job: tuple[TestClient, str, Path]) -> None:
    api, id_, _ = job
    row = api.get(f"/v1/reviews/{id_}/photos?which=all").json()["photos"][0]
    photo = f"/v1/reviews/{id_}/photos/{row['id']}"
    bert = {"X-API-Key": BERT_SECRET}
    seen = (f"/v1/jobs/{id_}", f"/v1/reviews/{id_}", f"/v1/reviews/{id_}/photos", f"/v1/runs/{id_}")
    pages = (f"/review?run={id_}", f"/review/log?run={id_}")
    more = ("filters", "categories", "questions", "questions/category/labels.csv", "log", "audit.csv", "position")
    pictures = (f"{photo}/photo", f"{photo}/mask", f"{photo}/packshot", f"{photo}/why", f"{photo}/places")
    for address in (*seen, *pages, *pictures, photo, *(f"/v1/reviews/{id_}/{each}" for each in more)):
        assert api.get(address, headers=bert).status_code == 404, address
    said = {"decision": {"kind": "reject", "reason": "by bert"}, "seen": row["seen"]}
    assert api.post(f"{photo}/decisions", json=said, headers=bert).status_code == 404
    many = {"decision": {"kind": "approve"}, "photos": [row["id"]]}
    assert api.post(f"/v1/reviews/{id_}/decisions", json=many, headers=bert).status_code == 404
    assert api.post(f"/v1/reviews/{id_}/undo", json={}, headers=bert).status_code == 404
    assert api.get(f"/v1/reviews/{id_}/log").json() == []
    assert api.get(f"/v1/reviews/{id_}").status_code == 200, "what another key asked takes nothing from its owner"


def test_photos_are_called_as_their_sender_called_them(job: tuple[TestClient, str, Path]) -> None:
    api, id_, state = job
    here = f"/v1/reviews/{id_}"
    rows = api.get(f"{here}/photos?which=all").json()["photos"]
    names = {"in/shoe.png", "bag.png"}
    assert {row["source"] for row in rows} == names
    last = {row["name"] for row in api.get(f"/v1/runs/{id_}").json()["last"]}
    assert last == {"shoe.png", "bag.png", "torn.png"}
    bag = next(row for row in rows if row["source"] == "bag.png")
    for pattern in ("bag.png", "ba*", "*.png", "shoe.png"):
        found = api.get(f"{here}/photos", params={"which": "all", "name": pattern}).json()
        expected = {"bag.png": {"bag.png"}, "ba*": {"bag.png"}, "*.png": names, "shoe.png": {"in/shoe.png"}}[pattern]
        assert {row["source"] for row in found["photos"]} == expected

    said = {"decision": {"kind": "category", "category": "shoes"}, "seen": bag["seen"]}
    made = api.post(f"{here}/photos/{bag['id']}/decisions", json=said).json()
    assert (made["decision"]["source"], made["photo"]["source"]) == ("bag.png", "bag.png")
    refused = api.post(f"{here}/photos/{bag['id']}/decisions", json={**said, "seen": "0" * 12})
    assert refused.status_code == 409
    assert refused.json()["error"]["message"].startswith("bag.png: ")
    assert api.get(f"{here}/photos", params={"name": "000002"}).status_code == 400
    answers = [
        api.get(f"{here}{address}")
        for address in (
            *("/photos?which=all", "/photos?name=000002", f"/photos/{bag['id']}", "/log", "/audit.csv", "/sample"),
            *("/questions/category/photos", "/questions/category/labels.csv", "/photos?name=nothing"),
        )
    ]
    answers += [api.get(f"/v1/runs/{id_}"), api.get(f"/review/log?run={id_}"), refused]
    for answer in answers:
        assert str(state.parent) not in answer.text, answer.url
        assert "photos/0000" not in answer.text, answer.url
    assert "\nbag.png,," in api.get(f"{here}/questions/category/labels.csv").text
    assert ",bag.png," in api.get(f"{here}/audit.csv").text
