"""packshot's own addresses say what the commands of the same names say."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from packshot_tests.command import run
from packshot_tests.service import QUICK, RED, client, opened, outlined, png
from starlette.testclient import TestClient

from packshot.marketplace import profile_names
from packshot.service import ServiceSettings

LARGE = outlined(900, 700, box=(200, 100, 700, 600))
PHOTO = outlined()


def post(api: TestClient, path: str, photo: bytes = PHOTO, **more: Any) -> Any:
    return api.post(path, files={"file": ("a.png", photo)}, **more)


@pytest.mark.parametrize("way", ["form", "body"])
def test_cutout(api: TestClient, way: str) -> None:
    headers = {"Content-Type": "image/png"}
    answer = post(api, "/v1/cutout") if way == "form" else api.post("/v1/cutout", content=PHOTO, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert tuple(opened(answer.content)[35, 50]) == RED
    assert answer.headers["x-uncertainty"] == "0.0000"
    assert len(answer.headers["x-request-id"]) == 32


def test_cutout_mask_and_webp(api: TestClient) -> None:
    assert opened(post(api, "/v1/cutout?mask=true").content).shape == (60, 80)
    webp = post(api, "/v1/cutout?format=webp")
    assert webp.headers["content-type"] == "image/webp"
    assert opened(webp.content).shape == (60, 80, 4)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("model=u2net", 400),
        ("model=../cutout", 400),
        ("matte=closed-form", 400),
        ("matte=finest", 422),
        ("subject=cat", 422),
        ("several=two", 422),
        ("format=gif", 422),
        ("mask=perhaps", 422),
    ],
)
def test_cutout_refuses(api: TestClient, query: str, status: int) -> None:
    answer = post(api, f"/v1/cutout?{query}")
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "remedy", "request_id"}


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("/v1/process?profiles=amazon", "include_pictures, profile"),
        ("/v1/cutout?format=png&size=preview", "format"),
        ("/v1/check?profile=amazon&On=2027-01-01", "on, profile"),
    ],
)
def test_a_parameter_that_an_address_does_not_take_is_refused(api: TestClient, address: str, taken: str) -> None:
    answer = post(api, address)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "unknown_parameter")
    assert taken in error["remedy"]


def test_an_address_without_parameters_says_so_and_pages_take_any(api: TestClient) -> None:
    answer = api.get("/v1/profiles?search=shoes")
    assert (answer.status_code, answer.json()["error"]["remedy"]) == (422, "it takes none")
    assert api.get("/health?from=balancer").status_code == 200
    assert api.get("/?utm_source=mail").status_code == 200


def test_process_gives_the_picture_the_command_makes(api: TestClient, tmp_path: Any) -> None:
    (tmp_path / "photo.png").write_bytes(LARGE)
    done = run("run", str(tmp_path / "photo.png"), "-o", str(tmp_path / "out"), "--profile", "amazon", "--jobs", "1")
    assert done.code == 0, done.err
    answer = post(api, "/v1/process?profile=amazon", LARGE)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == next((tmp_path / "out" / "packshots").rglob("*.jpg")).read_bytes()


def test_process_of_several_profiles_as_json(api: TestClient) -> None:
    accept = {"Accept": "application/json"}
    answer = post(api, "/v1/process?profile=ebay,plain&include_pictures=true", LARGE, headers=accept)
    found = answer.json()
    assert list(found["packshots"]) == ["ebay", "plain"]
    for each in found["packshots"].values():
        picture = opened(base64.b64decode(each["picture_b64"]))
        assert picture.shape[:2] == (each["height"], each["width"])
        assert {"id", "ok", "measured", "required"} <= set((each["rules"] or [{"id", "ok", "measured", "required"}])[0])
    assert "picture_b64" not in post(api, "/v1/process", headers=accept).json()["packshots"]["plain"]


@pytest.mark.parametrize(
    "name", ["nothing", "../amazon", "/etc/passwd", "amazon.toml", "amazon,amazon", "", ",".join("ab" * 20)]
)
def test_a_profile_is_named_from_the_list_alone(api: TestClient, name: str) -> None:
    assert post(api, f"/v1/process?profile={name}").status_code == 400
    assert api.get(f"/v1/profiles/{name or 'nothing'}").status_code == 404


@pytest.mark.parametrize("profile", ["amazon", "google"])
def test_check_says_what_the_command_says(api: TestClient, tmp_path: Any, profile: str) -> None:
    white = np.full((600, 600, 3), 255, np.uint8)
    white[100:500, 200:400] = (20, 60, 90)
    file = tmp_path / "a.png"
    file.write_bytes(png(white))
    said = json.loads(run("check", str(file), "--profile", profile, "--on", "2027-01-30", "--json").out)
    answer = post(api, f"/v1/check?profile={profile}&on=2027-01-30", png(white)).json()
    # This service looks for no frames.
    assert [each for each in answer["rules"] if each["id"] != "no-border"] == [
        each for each in said["rules"] if each["id"] != "no-border"
    ]
    assert answer["upcoming"] == said["upcoming"]
    assert answer["on"] == "2027-01-30"


@pytest.mark.parametrize("query", ["", "profile=nothing", "profile=amazon&on=tomorrow"])
def test_check_refuses(api: TestClient, query: str) -> None:
    assert post(api, f"/v1/check?{query}").status_code in {400, 422}


def test_frame(api: TestClient) -> None:
    assert post(api, "/v1/frame").json() == {
        "framed": False,
        "score": 0.0,
        "inner_box": [0, 0, 80, 60],
        "removable": False,
    }
    cropped = post(api, "/v1/frame?crop=true")
    assert cropped.headers["x-framed"] == "false"
    assert opened(cropped.content).shape == (60, 80, 3)


def test_classify_where_nothing_is_described(api: TestClient) -> None:
    assert post(api, "/v1/classify").status_code == 400


def test_profiles(api: TestClient) -> None:
    assert [each["name"] for each in api.get("/v1/profiles").json()] == list(profile_names())
    assert api.get("/v1/profiles/amazon").json()["name"] == "amazon"


def test_models_are_those_of_the_list_without_paths() -> None:
    with client(ServiceSettings(models=("cutout", "u2net"))) as api:
        found = api.get("/v1/models").json()
    assert [(each["name"], each["default"]) for each in found] == [("cutout", True), ("u2net", False)]
    assert found[0]["licence"] == "Apache-2.0"
    assert str(QUICK.model_store) not in json.dumps(found)
    assert ".onnx" not in json.dumps(found)


@pytest.mark.parametrize("path", ["/v1/cutout", "/v1/process", "/v1/frame", "/v1/classify", "/v1/check?profile=amazon"])
def test_every_address_refuses_what_is_no_photo(api: TestClient, path: str) -> None:
    for photo, status in ((b"text", 415), (b"", 422), (PHOTO[:100], 422)):
        answer = post(api, path, photo)
        assert answer.status_code == status or (path == "/v1/classify" and answer.status_code == 400)
    assert api.post(path).status_code in {400, 415}
    assert api.get(path).status_code == 405


def test_the_description_has_every_address_with_examples(api: TestClient) -> None:
    found = api.get("/openapi.json").json()
    posts = {path for path, methods in found["paths"].items() if "post" in methods}
    assert {"/v1.0/removebg", "/api/remove", "/v1/process", "/v1/search"} <= posts
    for path in posts:
        described = found["paths"][path]["post"]
        assert described["summary"]
        assert (
            path.endswith(("/subject", "/start", "/cancel", "/duplicates", "/undo"))
            or described["requestBody"]["content"]
        )
        assert "503" in described["responses"]
    assert "example" in found["paths"]["/v1/process"]["post"]["responses"]["200"]["content"]["application/json"]


def test_metrics_count(api: TestClient) -> None:
    post(api, "/v1/cutout")
    api.get("/v1/profiles/nothing")
    text = api.get("/metrics").text
    assert 'packshot_requests_total{route="/v1/cutout",status="200"}' in text
    assert 'packshot_errors_total{code="unknown_profile"}' in text
    for part in ("decode", "mask", "compose", "encode"):
        assert f'packshot_part_seconds_count{{part="{part}"}}' in text
    assert "nothing" not in text
