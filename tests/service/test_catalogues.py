"""Search and items over HTTP say what `packshot search` says of the same catalogue."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.networks import write_network
from packshot_tests.service import QUICK, client, opened
from PIL import Image
from starlette.testclient import TestClient

from packshot.service import ServiceSettings


def picture(seed: int) -> bytes:
    cells = np.random.default_rng(seed).integers(0, 256, (3, 4, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(cells.repeat(40, axis=0).repeat(40, axis=1)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of four photos, and the network that embeds them."""
    root = tmp_path_factory.mktemp("shop")
    write_network(root / "tiny.onnx")
    (root / "photos").mkdir()
    for seed in range(4):
        (root / "photos" / f"{seed}.png").write_bytes(picture(seed))
    options = ("-c", str(root / "goods"), "--describe-model", str(root / "tiny.onnx"), "--jobs", "1")
    done = run("index", str(root / "photos"), *options)
    assert done.code == 0, done.err
    return root


@pytest.fixture(scope="module")
def api(shop: Path) -> Iterator[TestClient]:
    settings = QUICK.model_copy(update={"describe_model": str(shop / "tiny.onnx")})
    serving = ServiceSettings(catalogues=(str(shop / "goods"), f"empty={shop / 'empty'}"))
    with client(serving, settings=settings) as made:
        yield made


def test_search_says_what_the_command_says(api: TestClient, shop: Path) -> None:
    options = ("-c", str(shop / "goods"), "--describe-model", str(shop / "tiny.onnx"), "--top", "3", "--json")
    # The pictures have no product to stand on white: they are asked for as they are.
    said = run("search", str(shop / "photos" / "2.png"), "--ground", "photo", *options)
    row = json.loads(said.out)
    answer = api.post("/v1/search?top=3&ground=photo", files={"file": ("q.png", picture(2))})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in row["hits"]]
    assert found["hits"][0]["score"] == pytest.approx(1.0, abs=1e-4)
    assert found["hits"][0]["source"].endswith("2.png")


def test_items_can_be_paged_read_added_and_taken_out(api: TestClient) -> None:
    first = api.get("/v1/catalogues/goods/items?limit=3").json()
    rest = api.get(f"/v1/catalogues/goods/items?limit=3&after={first['next']}").json()
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert (first["total"], rest["next"], len(set(ids)), ids) == (4, None, 4, sorted(ids))
    assert api.get(f"/v1/catalogues/goods/items/{ids[0]}").json()["model"].startswith("tiny@")
    shown = api.get(f"/v1/catalogues/goods/items/{ids[0]}/picture?side=64")
    assert max(opened(shown.content).shape) == 64

    address = "/v1/catalogues/goods/items?sku=4711&attribute=kids=no&id=new-1"
    added = api.post(address, content=picture(9), headers={"Content-Type": "image/png"})
    assert added.status_code == 200, added.text
    assert (added.json()["status"], added.json()["attributes"]["sku"]) == ("added", "4711")
    again = api.post(address, content=picture(9), headers={"Content-Type": "image/png"})
    assert again.json()["status"] == "unchanged"
    once = {"Content-Type": "image/png", "Idempotency-Key": "4711"}
    for _ in range(2):
        assert api.post(f"{address}-2", content=picture(9), headers=once).json()["status"] == "added"
    assert api.post(f"{address}-2", content=picture(8), headers=once).status_code == 422
    assert api.delete("/v1/catalogues/goods/items/new-1-2").status_code in {204, 404}
    found = api.post("/v1/search?ground=photo&attribute=sku=4711", files={"file": ("q.png", picture(9))}).json()
    assert [hit["sku"] for hit in found["hits"]] == ["4711"]
    assert api.get("/v1/catalogues/goods/items/new-1/picture").status_code == 404  # it was not kept

    assert api.delete("/v1/catalogues/goods/items/new-1").status_code == 204
    assert api.delete("/v1/catalogues/goods/items/new-1").status_code == 404
    assert api.get("/v1/catalogues/goods").json()["items"] == 4


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/search?catalogue=nothing", 404),
        ("/v1/search?catalogue=../goods", 404),
        ("/v1/search?catalogue=empty", 400),
        ("/v1/search?attribute=kids", 400),
        ("/v1/search?since=yesterday", 400),
        ("/v1/search?top=0", 422),
        ("/v1/catalogues/goods/items?id=../x", 400),
    ],
)
def test_refusals(api: TestClient, shop: Path, path: str, status: int) -> None:
    answer = api.post(path, files={"file": ("q.png", picture(1))})
    assert answer.status_code == status
    assert str(shop) not in answer.text


def test_catalogues(api: TestClient, shop: Path) -> None:
    assert api.get("/v1/catalogues").json() == [{"name": "goods", "items": 4}, {"name": "empty", "items": 0}]
    assert str(shop) not in api.get("/v1/catalogues/goods").text
    assert api.get("/v1/catalogues/goods/items/nothing").status_code == 404


def test_an_item_s_photo_is_shown_whatever_strangers_may_send(shop: Path) -> None:
    serving = ServiceSettings(catalogues=(str(shop / "goods"),), max_megapixels=0.004, max_upload_megabytes=0.0001)
    with client(serving) as small:
        item = small.get("/v1/catalogues/goods/items").json()["items"][0]["id"]
        assert small.get(f"/v1/catalogues/goods/items/{item}/picture").status_code == 200


def test_a_photo_that_was_indexed_keeps_its_place_when_it_is_sent_again(shop: Path, tmp_path: Path) -> None:
    network = str(shop / "tiny.onnx")
    where = (tmp_path / "goods").as_posix()
    assert run("index", str(shop / "photos"), "-c", where, "--describe-model", network, "--jobs", "1").code == 0
    settings = QUICK.model_copy(update={"describe_model": network})
    with client(ServiceSettings(catalogues=(where,)), settings=settings) as own:
        sent = own.post("/v1/catalogues/goods/items?sku=4711", files={"file": ("q.png", picture(2))}).json()
        assert sent["source"] == str(shop / "photos" / "2.png")
        item = own.get(f"/v1/catalogues/goods/items/{sent['id']}").json()
        assert (item["source"], item["attributes"]["sku"]) == (sent["source"], "4711")
        assert own.get(f"/v1/catalogues/goods/items/{sent['id']}/picture").status_code == 200
