"""Reviews over HTTP decide what `packshot review` decides, in the same log."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.service import client, opened
from packshot_tests.shop import HEIGHT, WIDTH, Shop
from PIL import Image
from starlette.testclient import TestClient

from packshot.errors import NothingToCutOut
from packshot.service import KeyRing, ServiceSettings, new_key

SHOES = {"path": [{"id": "apparel", "name": "Apparel"}, {"id": "shoes", "name": "Shoes"}], "score": 0.8}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """a.png is sure, b.png and d.png are to be reviewed, c/a.png has a doubtful category."""
    made = Shop(tmp_path)
    made.add("photos/a.png", tint=1)
    made.add("photos/b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    made.add("photos/c/a.png", tint=3, category=SHOES)
    made.add("photos/d.png", tint=4, status="review", review=["mask"], doubts=["outline"], uncertainty=0.07)
    return made


@pytest.fixture
def api(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.chdir(shop.root)  # where the photos' names are relative to
    with client(ServiceSettings(runs=(f"shop={shop.out}",))) as made:
        yield made


def queue(api: TestClient, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/v1/reviews/shop/photos?{query}").json()["photos"]
    return found


def named(api: TestClient, source: str) -> dict[str, Any]:
    return next(row for row in queue(api, "which=all") if row["source"] == source)


def decide(api: TestClient, photo: dict[str, Any], **said: Any) -> Any:
    seen = said.pop("seen", photo["seen"])
    body = {"decision": said, "seen": seen}
    return api.post(f"/v1/reviews/shop/photos/{photo['id']}/decisions", json=body)


def test_the_queue_is_that_of_the_command(api: TestClient, shop: Shop) -> None:
    said = run("review", "list", str(shop.out), "--json", "--all")
    rows = [json.loads(line) for line in said.out.splitlines()]
    found = queue(api, "which=all")
    assert [row["source"] for row in found] == [row["source"] for row in rows]
    for mine, theirs in zip(found, rows, strict=True):
        assert {key: mine[key] for key in theirs} == theirs


def test_pages_hold_every_photo_once(api: TestClient) -> None:
    seen, after = [], ""
    while True:
        page = api.get(f"/v1/reviews/shop/photos?limit=3{after}").json()
        seen += [row["source"] for row in page["photos"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert page["total"] == 4
    assert seen == [row["source"] for row in queue(api)]


def test_a_page_goes_on_behind_a_photo_that_was_decided_meanwhile(api: TestClient) -> None:
    first, second = queue(api)[:2]
    assert decide(api, first, kind="approve").status_code == 200
    assert queue(api, f"after={first['id']}")[0]["id"] == second["id"]


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("why=held", ["photos/b.png"]),
        ("category=shoes", ["photos/c/a.png"]),
        ("category=none&least=0.05", ["photos/b.png", "photos/d.png"]),
        ("name=a.png&name=photos/d.png", None),
        ("name=c/*", ["photos/c/a.png"]),
        ("most=0.08&least=0.06", ["photos/d.png"]),
    ],
)
def test_filters(api: TestClient, query: str, sources: list[str] | None) -> None:
    answer = api.get(f"/v1/reviews/shop/photos?{query}")
    if sources is None:  # two photos end like the first name
        assert answer.status_code == 400
    else:
        assert [row["source"] for row in answer.json()["photos"]] == sources


def test_a_decision_is_in_the_log_that_the_command_reads(api: TestClient, shop: Shop) -> None:
    photo = queue(api)[0]
    answer = decide(api, photo, kind="approve").json()
    assert answer["photo"]["state"] == "decided"
    review = shop.review()
    assert [(one.source, one.kind, one.number) for one in review.decisions.standing()] == [
        (photo["source"], "approve", answer["decision"]["number"])
    ]
    assert len(queue(api)) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "reject", "reason": "blurred"},
        {"kind": "category", "category": "Apparel > Tops > T-Shirt"},
        {"kind": "subject", "subject": "garment"},
        {"kind": "frame", "box": [5, 5, 70, 50]},
        {"kind": "frame", "box": None},
    ],
)
def test_every_kind(api: TestClient, shop: Shop, said: dict[str, Any]) -> None:
    photo = named(api, "photos/a.png")
    answer = decide(api, photo, **said)
    assert answer.status_code == 200, answer.text
    (made,) = shop.review().decisions.standing()
    assert made.kind == said["kind"]
    assert made.seen.token == photo["seen"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "reject"}, 422),
        ({"kind": "reject", "reason": " "}, 400),
        ({"kind": "category", "category": "no such thing"}, 400),
        ({"kind": "frame", "box": [0, 0, 80, 60]}, 400),
        ({"kind": "frame", "box": [9, 9, 3, 3]}, 400),
        ({"kind": "mask"}, 422),
        ({"kind": "approve", "mask": "../../x"}, 422),
        ({"kind": "approve", "seen": "0" * 12}, 409),
        ({"kind": "frame", "box": None, "seen": "0" * 12}, 409),
    ],
)
def test_refused_decisions_leave_no_trace(api: TestClient, shop: Shop, said: dict[str, Any], status: int) -> None:
    answer = decide(api, named(api, "photos/a.png"), **said)
    assert answer.status_code == status
    assert str(shop.root) not in answer.text
    assert shop.review().decisions.made == {}


@pytest.mark.parametrize("photo", ["0" * 16, "photos%2Fa.png", "..%2F..%2Fetc%2Fpasswd", "a.png"])
def test_photos_are_named_by_their_ids_alone(api: TestClient, photo: str) -> None:
    for path in ("", "/photo", "/mask", "/packshot"):
        assert api.get(f"/v1/reviews/shop/photos/{photo}{path}").status_code == 404
    assert api.get("/v1/reviews/other").status_code == 404


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
    assert [one["stands"] for one in api.get("/v1/reviews/shop/log").json()] == [False, True]


def test_undo_across_photos(api: TestClient) -> None:
    first, second = queue(api)[:2]
    decide(api, first, kind="approve")
    decide(api, second, kind="reject", reason="blurred")
    for photo in (second, first):
        undone = api.post("/v1/reviews/shop/undo", json={}).json()["undone"]
        assert [one["photo"] for one in undone] == [photo["id"]]
    assert [row["id"] for row in queue(api)[:2]] == [first["id"], second["id"]]
    assert api.post("/v1/reviews/shop/undo", json={}).status_code == 400


def test_an_undo_that_is_sent_again_takes_nothing_more_back(api: TestClient, shop: Shop) -> None:
    first, second = queue(api)[:2]
    for photo in (first, second):
        decide(api, photo, kind="approve")
    key = {"Idempotency-Key": "undo-1"}
    answers = [api.post("/v1/reviews/shop/undo", json={}, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert [one.source for one in shop.review().decisions.standing()] == [first["source"]]
    assert api.post("/v1/reviews/shop/undo", json={"mine": True}, headers=key).status_code == 422


def test_many_at_once_after_a_sample(api: TestClient, shop: Shop) -> None:
    sample = api.get("/v1/reviews/shop/sample?why=held&why=outline&count=1").json()
    assert (sample["total"], len(sample["photos"])) == (2, 1)
    where = {"why": ["held", "outline"]}
    body = {"decision": {"kind": "approve"}, "where": where, "expected": 3}
    assert api.post("/v1/reviews/shop/decisions", json=body).status_code == 409
    assert shop.review().decisions.made == {}
    done = api.post("/v1/reviews/shop/decisions", json={**body, "expected": 2}).json()
    assert (done["decided"], done["refused"]) == (2, [])
    assert len(api.post("/v1/reviews/shop/undo", json={}).json()["undone"]) == 2


def test_what_cannot_be_decided_is_named_and_the_others_are_decided(api: TestClient, shop: Shop) -> None:
    shop.add_failed("photos/e.png", NothingToCutOut)
    ids = [named(api, f"photos/{name}.png")["id"] for name in "ae"]
    done = api.post("/v1/reviews/shop/decisions", json={"decision": {"kind": "approve"}, "photos": ids}).json()
    assert (done["decided"], [each["photo"] for each in done["refused"]]) == (1, [ids[1]])


def test_pictures(api: TestClient, shop: Shop) -> None:
    photo = named(api, "photos/a.png")
    here = f"/v1/reviews/shop/photos/{photo['id']}"
    shown = api.get(f"{here}/photo?side=40&v={photo['seen']}")
    assert opened(shown.content).shape == (30, 40, 3)
    assert (shown.headers["x-width"], shown.headers["cache-control"]) == ("80", "private, max-age=3600")
    assert api.get(f"{here}/photo").headers["cache-control"] == "no-store"
    mask = opened(api.get(f"{here}/mask").content)
    assert (mask.shape, mask[30, 40], mask[5, 5]) == ((HEIGHT, WIDTH), 255, 0)
    assert opened(api.get(f"{here}/packshot").content).shape == (HEIGHT, WIDTH, 3)
    assert api.get(f"{here}/cutout").status_code == 404
    assert api.get(f"{here}/packshot?profile=../../a").status_code == 404
    (shop.out / "press.tif").write_bytes(b"II*")
    press = {"file": "press.tif", "status": "ok", "rules": []}
    shop.change("photos/a.png", schema_version=2, packshots={"press": press})
    shown = api.get(f"{here}/packshot?profile=press")
    assert (shown.content, shown.headers["content-type"]) == (b"II*", "image/tiff")


def test_strokes_show_and_then_decide(api: TestClient, shop: Shop) -> None:
    photo = named(api, "photos/a.png")
    strokes = {
        "version": 1,
        "photo": {"width": WIDTH, "height": HEIGHT},
        "strokes": [{"kind": "keep", "points": [[10, 10], [20, 10]], "radius": 3, "reach": 0}],
    }
    address = f"/v1/reviews/shop/photos/{photo['id']}/strokes"
    shown = opened(api.post(address, json=strokes).content)
    assert (shown[10, 15], shown[30, 40], shown[50, 70]) == (255, 255, 0)
    assert shop.review().decisions.made == {}
    kept = api.post(f"{address}?decide=true&seen={photo['seen']}", json=strokes, headers={"X-Reviewer": "ann"})
    assert kept.status_code == 200
    review = shop.review()
    (made,) = review.decisions.standing()
    assert (made.kind, made.by) == ("mask", "ann")
    assert np.array_equal(opened((review.kept_masks / f"{made.mask}.png").read_bytes()), shown)
    wrong = {**strokes, "photo": {"width": 9, "height": 9}}
    assert api.post(address, json=wrong).status_code == 400


def test_strokes_on_a_photo_that_is_sent(api: TestClient) -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    rgb[20:40, 30:50] = (200, 120, 60)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[20:40, 30:50] = 255
    files = {}
    for name, pixels in (("file", rgb), ("mask", mask)):
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        files[name] = file.getvalue()
    strokes = {
        "version": 1,
        "photo": {"width": WIDTH, "height": HEIGHT},
        "strokes": [{"kind": "erase", "points": [[32, 22]], "radius": 4, "reach": 0}],
    }
    made = opened(api.post("/v1/strokes", files=files, data={"strokes": json.dumps(strokes)}).content)
    assert (made[22, 32], made[38, 48], made[5, 5]) == (0, 255, 0)
    cutout = api.post("/v1/strokes?cutout=true", files=files, data={"strokes": json.dumps(strokes)})
    assert np.array_equal(opened(cutout.content)[..., 3], made)
    for data in ({}, {"strokes": "[]"}, {"strokes": json.dumps(strokes), "more": "1"}):
        assert api.post("/v1/strokes", files=files, data=data).status_code == 400
    small = {**files, "mask": files["mask"][:40]}
    assert api.post("/v1/strokes", files=small, data={"strokes": json.dumps(strokes)}).status_code == 422


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
    more: dict[str, Any] = {} if trusted is None else {"trusted_proxies": trusted}
    serving = ServiceSettings(runs=(f"shop={shop.out}",), identity_header="X-User", **more)
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


def test_filters_count_what_waits(api: TestClient) -> None:
    found = api.get("/v1/reviews/shop/filters").json()
    assert {row["value"]: row["photos"] for row in found["why"]} == {"mask": 2, "held": 1, "outline": 1}
    assert {row["value"]: row["photos"] for row in found["category"]} == {"none": 3, "shoes": 1}
    for row in found["why"]:
        assert len(queue(api, f"why={row['value']}")) == row["photos"]
    assert set(api.get("/v1/reviews/shop/categories").json()[0]) == {"id", "name", "words"}


def test_a_doubt_is_shown_where_the_mask_has_it(api: TestClient, shop: Shop) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[20:40, 30:50] = pixels[5:15, 60:75] = 255
    shop.redraw(shop.records["photos/d.png"]["mask"], pixels)
    shop.change("photos/d.png", doubts=["pieces", "held"])
    photo = named(api, "photos/d.png")
    found = api.get(f"/v1/reviews/shop/photos/{photo['id']}/places").json()
    assert found == {"places": [{"doubt": "pieces", "box": [60, 5, 75, 15]}]}


def test_what_another_process_decides_is_seen(api: TestClient, shop: Shop) -> None:
    first, second, third = queue(api)[:3]
    shop.review().approve(first["source"], by="ann")
    assert first["id"] not in [row["id"] for row in queue(api)]
    decide(api, second, kind="approve")
    shop.review().undo(first["source"], by="ann")
    decide(api, third, kind="approve")
    left = [row["id"] for row in queue(api)]
    assert first["id"] in left
    assert not {second["id"], third["id"]} & set(left)


def test_a_decision_holds_for_every_copy_of_the_photo(api: TestClient, shop: Shop) -> None:
    shop.add("photos/copy of b.png", tint=2, status="review", review=["mask"], doubts=["held"], uncertainty=0.09)
    decide(api, named(api, "photos/b.png"), kind="reject", reason="twice")
    assert named(api, "photos/copy of b.png")["state"] == "decided"
    api.post("/v1/reviews/shop/undo", json={})
    assert named(api, "photos/copy of b.png")["state"] == "new"


def test_numbers(api: TestClient) -> None:
    decide(api, queue(api)[0], kind="reject", reason="blurred")
    (found,) = api.get("/v1/reviews").json()
    assert (found["name"], found["photos"], found["states"]["decided"]) == ("shop", 4, 1)
    assert found["reasons"] == {"blurred": 1}
    assert api.get("/v1/reviews/shop").json() == found


def test_a_question_is_asked_of_every_photo_and_a_table_comes_out(api: TestClient, shop: Shop) -> None:
    shop.change("photos/a.png", attributes={"kids": {"value": "no", "score": 0.9}})
    shop.change("photos/b.png", attributes={"kids": {"value": "yes", "score": 0.6}})
    asked = {one["question"]: one for one in api.get("/v1/reviews/shop/questions").json()}
    assert (asked["kids"]["answered"], asked["kids"]["photos"]) == (0, 4)
    assert {one["value"] for one in asked["kids"]["classes"]} >= {"no", "yes"}
    address = "/v1/reviews/shop/questions/kids/photos"
    rows = api.get(address, params={"limit": 3}).json()
    assert (rows["total"], rows["next"] is None) == (4, False)
    assert [row["guess"] and row["guess"]["value"] for row in rows["photos"]] == [None, None, "yes"]
    decide(api, rows["photos"][2], kind="attribute", name="kids", value="no")
    assert api.get(address).json()["total"] == 3
    assert named(api, "photos/b.png")["state"] == "new"  # its mask is as doubtful as before
    table = api.get("/v1/reviews/shop/questions/kids/labels.csv").text.splitlines()
    assert table[1].startswith("photos/b.png,,no,")
    assert api.get("/v1/reviews/shop/questions/unheard-of/labels.csv").status_code == 404


def test_a_category_may_be_said_of_that_part_alone(api: TestClient) -> None:
    doubtful = named(api, "photos/b.png")
    decide(api, doubtful, kind="category", category="shoes", only=True)
    assert named(api, "photos/b.png")["state"] == "new"
    decide(api, named(api, "photos/d.png"), kind="category", category="shoes")
    assert named(api, "photos/d.png")["state"] == "decided"
