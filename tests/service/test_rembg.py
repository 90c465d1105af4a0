"""What clients of rembg's server send and expect."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from packshot_tests.service import RED, client, opened, outlined
from starlette.testclient import TestClient

from packshot.service import ServiceSettings

PHOTO = outlined()


def post(api: TestClient, data: dict[str, str] | None = None, **more: Any) -> Any:
    return api.post("/api/remove", files={"file": ("shoe.png", PHOTO)}, data=data or {}, **more)


def test_a_transparent_png_of_the_same_size(api: TestClient) -> None:
    answer = post(api)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    pixels = opened(answer.content)
    assert pixels.shape == (60, 80, 4)
    assert tuple(pixels[35, 50]) == RED
    assert pixels[0, 0, 3] == 0


@pytest.mark.parametrize("where", ["form", "query"])
def test_the_mask_alone(api: TestClient, where: str) -> None:
    answer = post(api, {"om": "true"}) if where == "form" else post(api, params={"om": "true"})
    pixels = opened(answer.content)
    assert pixels.shape == (60, 80)
    assert set(np.unique(pixels)) == {0, 255}


@pytest.mark.parametrize(
    ("bgc", "expected"),
    [("255,255,255,255", (255, 255, 255)), ("0, 128, 0, 255", (0, 128, 0)), ("9,8,7,100", (9, 8, 7, 100))],
)
def test_background_colour(api: TestClient, bgc: str, expected: tuple[int, ...]) -> None:
    pixels = opened(post(api, {"bgc": bgc}).content)
    assert tuple(pixels[0, 0]) == expected
    assert tuple(pixels[35, 50])[:3] == RED[:3]


@pytest.mark.parametrize(
    "data",
    [
        {"a": "true", "af": "240", "ab": "10", "ae": "10"},
        {"ppm": "true"},
        {"model": "cutout"},
        {"extras": "{}"},
        {"extras": ""},
    ],
)
def test_the_other_parameters_are_taken(api: TestClient, data: dict[str, str]) -> None:
    assert post(api, data).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"a": "maybe"},
        {"af": "256"},
        {"ab": "-1"},
        {"ae": "ten"},
        {"bgc": "255,255,255"},
        {"bgc": "256,0,0,0"},
        {"bgc": "red"},
        {"extras": "{"},
        {"extras": '{"model_path": "/etc/passwd"}'},
        {"extras": "[" * 100_000},
    ],
)
def test_what_is_wrong_is_refused(api: TestClient, data: dict[str, str]) -> None:
    answer = post(api, data)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("model", ["u2net", "../../cutout", "/etc/passwd", "cutout.onnx", "grabcut", "u2net\x00"])
def test_a_model_is_named_from_the_list_alone(api: TestClient, model: str) -> None:
    answer = post(api, {"model": model})
    assert answer.status_code == 400
    assert model not in answer.text


def test_a_file_is_needed(api: TestClient) -> None:
    assert api.post("/api/remove", data={"om": "true"}).status_code == 422
    assert api.post("/api/remove", files={"image": ("a.png", PHOTO)}).status_code == 422


def test_by_address_only_where_that_is_allowed(api: TestClient) -> None:
    answer = api.get("/api/remove", params={"url": "https://example.com/a.jpg"})
    assert (answer.status_code, answer.json()["detail"][:28]) == (400, "this service fetches no addr")
    assert api.get("/api/remove").status_code == 422


@pytest.mark.parametrize("url", ["http://localhost:8080/", "http://[::1]/", "http://10.0.0.1/a.png", "gopher://x/"])
def test_by_address_never_inside(url: str) -> None:
    with client(ServiceSettings(fetch_urls=True)) as api:
        answer = api.get("/api/remove", params={"url": url})
    assert answer.status_code == 400
    assert "fetched" in answer.json()["detail"]
