"""Several persons review one run: who decided, who is told, and what the log says of it."""

from __future__ import annotations

import csv
import io
from ipaddress import ip_network

import pytest
from packshot_tests.service import client
from packshot_tests.service_reviews import named, queue
from packshot_tests.shop import Shop
from starlette.testclient import TestClient

from packshot.service import KeyRing, ServiceSettings, new_key


def test_two_reviewers_lose_no_decision(api: TestClient, shop: Shop) -> None:
    photo = named(api, "photos/b.png")
    ann, bob = ({"X-Reviewer": name} for name in ("ann", "bob"))
    address = f"/v1/reviews/shop/photos/{photo['id']}/decisions"
    approve = {"decision": {"kind": "approve"}, "seen": photo["seen"]}
    reject = {"decision": {"kind": "reject", "reason": "twice"}, "seen": photo["seen"]}
    assert api.post(address, json=approve, headers=ann).status_code == 200
    assert api.post(address, json=reject, headers=bob).status_code == 200
    assert [(one.by, one.kind) for one in shop.review().decisions.standing()] == [("ann", "approve"), ("bob", "reject")]
    mine = api.post("/v1/reviews/shop/undo", json={"mine": True}, headers=ann).json()["undone"]
    assert [one["by"] for one in mine] == ["ann"]
    log = "/v1/reviews/shop/log"
    assert [one["stands"] for one in api.get(log).json()] == [False, True]
    (back,) = api.get(f"{log}?after=2").json()  # decided in line 1, taken back in line 3
    assert (back["number"], back["stands"], back["taken_back"], back["taken_back_by"]) == (1, False, 3, "ann")
    assert api.get(f"{log}?after=3").json() == []
    assert [one["number"] for one in api.get(f"{log}?limit=1").json()] == [2]  # the first that is settled


def test_the_position_is_each_persons_own_and_survives(api: TestClient, shop: Shop) -> None:
    photo = queue(api)[1]["id"]
    ann = {"X-Reviewer": "ann/../.."}
    assert api.get("/v1/reviews/shop/position", headers=ann).json() == {"photo": None}
    assert api.put("/v1/reviews/shop/position", json={"photo": photo}, headers=ann).status_code == 200
    assert api.get("/v1/reviews/shop/position").json() == {"photo": None}
    with client(ServiceSettings(runs=(f"shop={shop.out}",))) as other:
        assert other.get("/v1/reviews/shop/position", headers=ann).json() == {"photo": photo}


def test_who_decides_follows_from_the_key_or_the_proxy(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.root)
    secret, key = new_key("studio")
    for header, asked, by in ((None, {"X-Reviewer": "eve"}, "studio"), ("X-User", {"X-User": "ann"}, "ann")):
        serving = ServiceSettings(runs=(f"shop={shop.out}",), identity_header=header)
        with client(serving, keys=KeyRing([key])) as api:
            headers = {"X-API-Key": secret, **asked}
            photo = api.get("/v1/reviews/shop/photos?which=all", headers=headers).json()["photos"][0]
            body = {"decision": {"kind": "approve"}}
            made = api.post(f"/v1/reviews/shop/photos/{photo['id']}/decisions", json=body, headers=headers)
            assert made.json()["decision"]["by"] == by


@pytest.mark.parametrize(
    ("peer", "trusted", "by"),
    [
        ("127.0.0.1", None, "ann"),
        ("::ffff:127.0.0.1", None, "ann"),
        ("10.0.0.9", None, "studio"),
        ("10.0.0.9", ("10.0.0.0/24",), "ann"),
        ("127.0.0.1", ("10.0.0.0/24",), "studio"),
    ],
)
def test_the_header_with_a_name_is_believed_from_a_trusted_proxy_alone(
    shop: Shop, peer: str, trusted: tuple[str, ...] | None, by: str
) -> None:
    secret, key = new_key("studio")
    proxies = ServiceSettings().trusted_proxies if trusted is None else tuple(map(ip_network, trusted))
    serving = ServiceSettings(runs=(f"shop={shop.out}",), identity_header="X-User", trusted_proxies=proxies)
    with client(serving, keys=KeyRing([key]), peer=peer) as api:
        headers = {"X-API-Key": secret, "X-User": "ann"}
        photo = api.get("/v1/reviews/shop/photos?which=all", headers=headers).json()["photos"][0]
        body = {"decision": {"kind": "approve"}}
        made = api.post(f"/v1/reviews/shop/photos/{photo['id']}/decisions", json=body, headers=headers)
    assert made.json()["decision"]["by"] == by


def test_who_decides_later_is_told_first(api: TestClient) -> None:
    photo = queue(api)[0]
    address = f"/v1/reviews/shop/photos/{photo['id']}/decisions"
    reject = {"decision": {"kind": "reject", "reason": "blurred"}, "known": 0}
    first = api.post(address, json=reject, headers={"X-Reviewer": "ann"}).json()["decision"]["number"]
    later = {"decision": {"kind": "approve"}, "known": 0}
    told = api.post(address, json=later, headers={"X-Reviewer": "ben"})
    assert told.status_code == 409
    assert told.json()["error"]["code"] == "DecidedMeanwhile"
    assert "blurred, by ann" in told.json()["error"]["message"]
    again = api.post(address, json=later | {"known": first}, headers={"X-Reviewer": "ben"})
    assert again.status_code == 200
    assert [row["by"] for row in api.get("/v1/reviews/shop/log").json()] == ["ann", "ben"]


def test_the_audit_names_everything_and_runs_nothing(api: TestClient) -> None:
    photo = queue(api)[0]
    reject = {"decision": {"kind": "reject", "reason": "blurred"}}
    address = f"/v1/reviews/shop/photos/{photo['id']}/decisions"
    api.post(address, json=reject, headers={"X-Reviewer": "=cmd|' /C calc'!A0"})
    api.post("/v1/reviews/shop/undo", json={}, headers={"X-Reviewer": "ben"})
    rows = list(csv.DictReader(io.StringIO(api.get("/v1/reviews/shop/audit.csv").text)))
    assert [(row["number"], row["by"], row["takes_back"], row["taken_back"]) for row in rows] == [
        ("1", "'=cmd|' /C calc'!A0", "", "2"),
        ("2", "ben", "1", ""),
    ]
    assert {row["photo"] for row in rows} == {photo["source"]}
    assert "blurred" in rows[1]["decision"]
