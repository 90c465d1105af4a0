"""Decisions over HTTP are those of `packshot review`, in the same log."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from packshot_tests.service import opened
from packshot_tests.service_reviews import Row, decide, named, queue
from packshot_tests.shop import HEIGHT, WIDTH, Shop
from PIL import Image
from starlette.testclient import TestClient

from packshot.errors import NothingToCutOut


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
def test_every_kind(api: TestClient, shop: Shop, said: Row) -> None:
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
def test_refused_decisions_leave_no_trace(api: TestClient, shop: Shop, said: Row, status: int) -> None:
    answer = decide(api, named(api, "photos/a.png"), **said)
    assert answer.status_code == status
    assert str(shop.root) not in answer.text
    assert shop.review().decisions.made == {}


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


def test_what_another_process_decides_is_seen(api: TestClient, shop: Shop) -> None:
    first, second, third = queue(api)[:3]
    shop.review().approve(str(first["source"]), by="ann")
    assert first["id"] not in [row["id"] for row in queue(api)]
    decide(api, second, kind="approve")
    shop.review().undo(str(first["source"]), by="ann")
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


def test_a_category_may_be_said_of_that_part_alone(api: TestClient) -> None:
    doubtful = named(api, "photos/b.png")
    decide(api, doubtful, kind="category", category="shoes", only=True)
    assert named(api, "photos/b.png")["state"] == "new"
    decide(api, named(api, "photos/d.png"), kind="category", category="shoes")
    assert named(api, "photos/d.png")["state"] == "decided"
