"""Pictures of web pages with a tag: kept through the same guard, under the same rules as everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packshot_tests.service import client, outlined
from starlette.testclient import TestClient

from packshot.datasets import open_items
from packshot.service import KeyRing, ServiceSettings, new_key
from packshot.service.fetching import Fetcher

SHOE = "https://shop.example/shoe.png"
HAT = "https://shop.example/hat.png"
PICTURES = {SHOE: outlined(), HAT: outlined(box=(10, 10, 40, 40)), "https://a.example/b": b"no"}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> None:
    """A web of a few pictures; the guard itself is tested elsewhere."""
    monkeypatch.setattr(Fetcher, "fetch", lambda _, url, seconds: PICTURES[url])


@pytest.fixture
def api(tmp_path: Path, web: None) -> Iterator[TestClient]:
    with client(ServiceSettings(tagged=tmp_path / "tagged", fetch_urls=True)) as made:
        yield made


def tag(api: TestClient, url: str, tag: str, *, by: str = "ann") -> Any:
    body = {"url": url, "tag": tag, "page": "https://shop.example/"}
    return api.post("/v1/tagged", json=body, headers={"X-Reviewer": by})


def test_pictures_become_a_table_and_the_log_says_who_and_where_from(api: TestClient, tmp_path: Path) -> None:
    folder = tmp_path / "tagged"
    tag(api, SHOE, "sneaker")
    tag(api, HAT, "hat", by="ben")
    tag(api, SHOE, "shoe", by="ben")
    items = {item.photo.read_bytes(): item.label for item in open_items(folder / "labels.csv", task="classification")}
    assert items == {PICTURES[SHOE]: "shoe", PICTURES[HAT]: "hat"}
    assert api.get("/v1/tagged/labels.csv").text == (folder / "labels.csv").read_text()
    undone = api.post("/v1/tagged/undo", json={}, headers={"X-Reviewer": "ben"}).json()
    assert undone["tag"] == "shoe"
    assert api.get("/v1/tagged").json() == [{"tag": "sneaker", "photos": 1}, {"tag": "hat", "photos": 1}]
    lines = [json.loads(line) for line in (folder / "tagged.jsonl").read_text().splitlines()[1:]]
    assert [(line["by"], line["tag"], line["url"] == SHOE, line.get("undo")) for line in lines] == [
        ("ann", "sneaker", True, None),
        ("ben", "hat", False, None),
        ("ben", "shoe", True, None),
        ("ben", "shoe", True, 3),
    ]


def test_what_is_no_photo_or_no_address_is_refused_and_nothing_is_kept(api: TestClient, tmp_path: Path) -> None:
    assert tag(api, "https://a.example/b", "x").status_code in {415, 422}
    for url in ("file:///etc/passwd", "javascript:alert(1)", "ftp://a.example/b"):
        assert tag(api, url, "x").status_code == 422
    assert tag(api, SHOE, " ").status_code == 422
    assert tag(api, SHOE, "a\nb").status_code == 422
    assert not (tmp_path / "tagged").exists()


def test_closed_as_everything_is(tmp_path: Path, web: None) -> None:
    body = {"url": SHOE, "tag": "sneaker"}
    with client(ServiceSettings(fetch_urls=True)) as api:
        assert api.post("/v1/tagged", json=body).status_code == 404
    with client(ServiceSettings(tagged=tmp_path)) as api:
        assert api.post("/v1/tagged", json=body).json()["error"]["code"] == "urls_not_allowed"
    secret, key = new_key("studio")
    with client(ServiceSettings(tagged=tmp_path, fetch_urls=True), keys=KeyRing([key])) as api:
        page = api.get("/tag")
        assert page.status_code == 200  # a click on another site sends no cookie
        assert "shop.example" not in page.text
        assert api.post("/v1/tagged", json=body).status_code == 401
        assert api.get("/v1/tagged").status_code == 401
        elsewhere = {"X-API-Key": secret, "Origin": "https://shop.example"}
        assert api.post("/v1/tagged", json=body, headers=elsewhere).status_code == 403
        assert api.post("/v1/tagged", json=body, headers={"X-API-Key": secret}).json()["by"] == "studio"
