"""The review queue over HTTP is that of `packshot review list`: pages, filters, pictures, questions."""

from __future__ import annotations

import json

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.service import opened
from packshot_tests.service_reviews import decide, named, queue
from packshot_tests.shop import HEIGHT, WIDTH, Shop
from starlette.testclient import TestClient


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


@pytest.mark.parametrize("photo", ["0" * 16, "photos%2Fa.png", "..%2F..%2Fetc%2Fpasswd", "a.png"])
def test_photos_are_named_by_their_ids_alone(api: TestClient, photo: str) -> None:
    for path in ("", "/photo", "/mask", "/packshot"):
        assert api.get(f"/v1/reviews/shop/photos/{photo}{path}").status_code == 404
    assert api.get("/v1/reviews/other").status_code == 404


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


def test_filters_count_what_waits(api: TestClient) -> None:
    found = api.get("/v1/reviews/shop/filters").json()
    assert {row["value"]: row["photos"] for row in found["why"]} == {"mask": 2, "held": 1, "outline": 1}
    assert {row["value"]: row["photos"] for row in found["category"]} == {"none": 3, "shoes": 1}
    for row in found["why"]:
        assert len(queue(api, f"why={row['value']}")) == row["photos"]
    assert set(api.get("/v1/reviews/shop/categories").json()[0]) == {"id", "name", "words"}


def test_what_is_to_be_looked_at_is_counted_as_the_command_counts_it(api: TestClient, shop: Shop) -> None:
    found = api.get("/v1/reviews/shop/photos").json()
    assert (found["total"], found["waiting"]) == (4, 2)
    assert [row["source"] for row in found["photos"] if row["waits"]] == ["photos/b.png", "photos/d.png"]
    assert "to look at: 2, ready that nobody decided on: 2" in run("review", "list", str(shop.out)).err
    decide(api, found["photos"][0], kind="approve")
    assert api.get("/v1/reviews/shop/photos").json()["waiting"] == 1
    assert api.get("/v1/reviews/shop/photos?which=all").json()["waiting"] == 1


def test_a_rule_that_is_only_recommended_comes_last_and_says_so(api: TestClient, shop: Shop) -> None:
    zoom = {"id": "zoom", "ok": False, "measured": 600, "required": ">= 1000", "severity": "should"}
    border = {"id": "no-border", "ok": False, "measured": "left", "required": "none", "severity": "must"}
    for name, rules in (("a", [zoom]), ("b", [zoom]), ("d", [zoom, border])):
        shop.change(
            f"photos/{name}.png",
            schema_version=2,
            packshots={"amazon": {"file": "a.jpg", "status": "ok", "rules": rules}},
        )
    found = api.get("/v1/reviews/shop/filters").json()
    assert found["why"][0]["value"] == "mask"
    assert found["why"][-1] == {
        "value": "zoom",
        "words": "recommended, not met: the picture is too small to be zoomed into",
        "photos": 3,
    }
    assert {"value": "no-border", "words": "there is a border around the picture", "photos": 1} in found["why"]
    assert found["profile"] == [{"value": "amazon", "words": "refused by amazon", "photos": 1}]


def test_the_log_is_that_of_the_first_run_unless_one_is_named(api: TestClient, shop: Shop) -> None:
    decide(api, queue(api)[0], kind="reject", reason="blurred")
    assert api.get("/review/log").text == api.get("/review/log?run=shop").text
    assert "blurred" in api.get("/review/log").text


def test_a_doubt_is_shown_where_the_mask_has_it(api: TestClient, shop: Shop) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[20:40, 30:50] = pixels[5:15, 60:75] = 255
    shop.redraw(shop.records["photos/d.png"]["mask"], pixels)
    shop.change("photos/d.png", doubts=["pieces", "held"])
    photo = named(api, "photos/d.png")
    found = api.get(f"/v1/reviews/shop/photos/{photo['id']}/places").json()
    assert found == {"places": [{"doubt": "pieces", "box": [60, 5, 75, 15]}]}


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
