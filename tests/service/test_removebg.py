"""What clients of remove.bg's API v1.0 send and expect; sizes and boxes are worked out by hand.

The photo is 80 x 60 pixels with a red L in the box (20, 10)-(60, 40): 40 x 30 pixels.
"""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import numpy as np
import pytest
from packshot_tests.service import RED, client, opened, outlined, png
from starlette.testclient import TestClient

from packshot.service import ServiceSettings

PHOTO = outlined()
URL = "/v1.0/removebg"


def post(api: TestClient, data: dict[str, str] | None = None, *, photo: bytes = PHOTO, **more: Any) -> Any:
    return api.post(URL, files={"image_file": ("shoe.png", photo)}, data=data or {}, **more)


def code(answer: Any) -> str:
    errors = answer.json()["errors"]
    assert len(errors) == 1
    assert errors[0]["title"]
    return str(errors[0]["code"])


def box(answer: Any) -> tuple[int, ...]:
    return tuple(int(answer.headers[f"x-foreground-{name}"]) for name in ("left", "top", "width", "height"))


def test_the_answer_is_the_picture(api: TestClient) -> None:
    answer = post(api)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    pixels = opened(answer.content)
    assert pixels.shape == (60, 80, 4)
    assert tuple(pixels[35, 50]) == RED
    assert pixels[0, 0, 3] == 0
    assert (answer.headers["x-width"], answer.headers["x-height"]) == ("80", "60")
    assert box(answer) == (20, 10, 40, 30)
    assert answer.headers["x-credits-charged"] == "0"
    assert 0 <= float(answer.headers["x-uncertainty"]) <= 1


def test_json_where_it_is_accepted(api: TestClient) -> None:
    answer = post(api, headers={"Accept": "application/json"})
    data = answer.json()["data"]
    assert opened(base64.b64decode(data["result_b64"])).shape == (60, 80, 4)
    assert (data["foreground_left"], data["foreground_top"]) == (20, 10)
    assert (data["foreground_width"], data["foreground_height"]) == (40, 30)


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
@pytest.mark.parametrize("way", ["json", "urlencoded", "multipart"])
def test_base64(api: TestClient, prefix: str, way: str) -> None:
    fields = {"image_file_b64": prefix + base64.b64encode(PHOTO).decode()}
    sent: dict[str, Any] = {
        "json": {"json": fields},
        "urlencoded": {"data": fields},
        "multipart": {"files": {name: (None, text) for name, text in fields.items()}},
    }[way]
    answer = api.post(URL, **sent)
    assert answer.status_code == 200
    assert opened(answer.content).shape == (60, 80, 4)


# Largest area in 10^6 pixels; a PNG has at most 10.
@pytest.mark.parametrize(
    ("size", "megapixels"),
    [("preview", 0.25), ("small", 0.25), ("regular", 0.25), ("medium", 1.5), ("hd", 4.0), ("full", 10), ("4k", 10)],
)
def test_size(api: TestClient, size: str, megapixels: float) -> None:
    photo = outlined(2400, 1800, box=(400, 300, 2000, 1500))  # 4.32
    answer = post(api, {"size": size, "format": "png"}, photo=photo)
    width, height = int(answer.headers["x-width"]), int(answer.headers["x-height"])
    assert width / height == pytest.approx(4 / 3, rel=0.01)
    assert width * height == pytest.approx(min(4.32, megapixels) * 1e6, rel=0.01)
    assert width * height <= megapixels * 1e6


def test_auto_keeps_a_small_photo(api: TestClient) -> None:
    assert post(api, {"size": "auto"}).headers["x-width"] == "80"


@pytest.mark.parametrize(
    ("data", "media_type", "channels"),
    [
        ({}, "image/png", 4),
        ({"format": "auto"}, "image/png", 4),
        ({"format": "png"}, "image/png", 4),
        ({"format": "jpg"}, "image/jpeg", 3),
        ({"format": "webp"}, "image/webp", 4),
        ({"bg_color": "fff"}, "image/jpeg", 3),  # nothing is transparent
        ({"bg_color": "fff", "format": "png"}, "image/png", 3),
        ({"bg_color": "ffffff80"}, "image/png", 4),
        ({"channels": "alpha"}, "image/png", 1),
        ({"channels": "alpha", "format": "jpg"}, "image/jpeg", 3),
    ],
)
def test_format(api: TestClient, data: dict[str, str], media_type: str, channels: int) -> None:
    answer = post(api, data)
    assert answer.headers["content-type"] == media_type
    shape = opened(answer.content).shape
    assert (shape[2] if len(shape) == 3 else 1) == channels


def test_zip_holds_colour_and_alpha(api: TestClient) -> None:
    answer = post(api, {"format": "zip"})
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["alpha.png", "color.jpg"]
    assert opened(archive.read("alpha.png")).shape == (60, 80)
    assert opened(archive.read("color.jpg")).shape == (60, 80, 3)


@pytest.mark.parametrize(
    ("margin", "size", "where"),
    [
        ("0", (40, 30), (0, 0)),
        ("5px", (50, 40), (5, 5)),
        ("5", (50, 40), (5, 5)),
        ("10%", (48, 36), (4, 3)),
        ("5px 10px", (60, 40), (10, 5)),
        ("1px 2px 3px 4px", (46, 34), (4, 1)),
        ("50px", (140, 130), (50, 50)),  # beyond the photo
        ("50%", (80, 60), (20, 15)),
    ],
)
def test_crop(api: TestClient, margin: str, size: tuple[int, int], where: tuple[int, int]) -> None:
    answer = post(api, {"crop": "true", "crop_margin": margin})
    assert (int(answer.headers["x-width"]), int(answer.headers["x-height"])) == size
    assert box(answer) == (*where, 40, 30)
    assert opened(answer.content).shape[:2] == size[::-1]


def test_a_margin_does_nothing_without_crop(api: TestClient) -> None:
    assert post(api, {"crop_margin": "10px"}).headers["x-width"] == "80"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # The longer relative side is the width's half and the height's half: at 100 % the L fills both but for 4 : 3.
        ({"scale": "100%"}, (0, 0, 80, 60)),
        ({"scale": "50%"}, (20, 15, 40, 30)),
        ({"scale": "50%", "position": "0%"}, (0, 0, 40, 30)),
        ({"scale": "50%", "position": "100% 0%"}, (40, 0, 40, 30)),
        ({"position": "center"}, (20, 15, 40, 30)),
        ({"position": "50%"}, (20, 15, 40, 30)),
        ({"position": "original"}, (20, 10, 40, 30)),
        ({"scale": "original", "position": "original"}, (20, 10, 40, 30)),
    ],
)
def test_scale_and_position(api: TestClient, data: dict[str, str], expected: tuple[int, ...]) -> None:
    answer = post(api, data)
    assert (answer.headers["x-width"], answer.headers["x-height"]) == ("80", "60")
    assert box(answer) == pytest.approx(expected, abs=1)


@pytest.mark.parametrize("roi", ["40 0 80 60", "50% 0% 100% 100%", "40px 0px 80px 60px", "50% 0 80 60"])
def test_outside_of_the_region_is_background(api: TestClient, roi: str) -> None:
    pixels = opened(post(api, {"roi": roi}).content)
    assert pixels.shape == (60, 80, 4)
    assert (pixels[:, :40, 3] == 0).all()
    assert tuple(pixels[35, 50]) == RED


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("81d4fa", (0x81, 0xD4, 0xFA)),
        ("#81d4fa", (0x81, 0xD4, 0xFA)),
        ("fff", (255, 255, 255)),
        ("#0f0", (0, 255, 0)),
        ("000f", (0, 0, 0)),
        ("102030ff", (16, 32, 48)),
        ("tomato", (255, 99, 71)),
        ("Blue", (0, 0, 255)),
    ],
)
def test_background_colour(api: TestClient, colour: str, expected: tuple[int, int, int]) -> None:
    pixels = opened(post(api, {"bg_color": colour, "format": "png"}).content)
    assert tuple(pixels[0, 0]) == expected
    assert tuple(pixels[35, 50]) == RED[:3]


def test_a_background_that_is_half_transparent(api: TestClient) -> None:
    pixels = opened(post(api, {"bg_color": "00ff0080"}).content)
    assert tuple(pixels[0, 0]) == (0, 255, 0, 128)


def test_a_background_picture_fills_the_canvas_and_is_centred(api: TestClient) -> None:
    # 160 x 60 for a canvas of 80 x 60: its middle half is seen.
    backdrop = np.zeros((60, 160, 3), np.uint8)
    backdrop[:, 40:120] = (10, 200, 10)
    files = {"image_file": ("a.png", PHOTO), "bg_image_file": ("b.png", png(backdrop))}
    pixels = opened(api.post(URL, files=files, data={"format": "png"}).content)
    assert pixels.shape == (60, 80, 3)
    assert tuple(pixels[2, 2]) == tuple(pixels[2, 77]) == (10, 200, 10)
    assert tuple(pixels[35, 50]) == RED[:3]


def test_a_shadow_darkens_what_is_below(api: TestClient) -> None:
    photo = outlined(400, 300, box=(100, 50, 300, 200))
    without = opened(post(api, {"bg_color": "fff", "format": "png"}, photo=photo).content)
    shaded = opened(post(api, {"bg_color": "fff", "format": "png", "add_shadow": "true"}, photo=photo).content)
    assert (without[203] == 255).all()
    assert shaded[203, 150].max() < 250
    assert tuple(shaded[150, 150]) == RED[:3]


def test_semitransparency_off_makes_the_inside_solid(api: TestClient) -> None:
    glass = np.zeros((80, 80, 4), np.uint8)
    rows, columns = np.mgrid[:80, :80]
    distance = np.hypot(rows - 40, columns - 40)
    glass[distance < 30] = RED
    glass[distance < 12, 3] = 120
    kept = opened(post(api, photo=png(glass)).content)
    solid = opened(post(api, {"semitransparency": "false"}, photo=png(glass)).content)
    assert kept[40, 40, 3] == pytest.approx(120, abs=3)
    assert solid[40, 40, 3] == 255
    assert solid[0, 0, 3] == 0


@pytest.mark.parametrize("type_", ["person", "product", "car"])
def test_a_type_that_was_asked_for_is_answered(api: TestClient, type_: str) -> None:
    assert post(api, {"type": type_}).headers["x-type"] == type_


def test_no_type_where_none_is_wanted(api: TestClient) -> None:
    assert "x-type" not in post(api, {"type_level": "none"}).headers


@pytest.mark.parametrize("level", ["1", "2", "latest"])
def test_type_levels(api: TestClient, level: str) -> None:
    assert post(api, {"type_level": level}).headers["x-type"] == "other"  # nothing is described here


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"size": "huge"}, "invalid_size"),
        ({"size": "../../etc/passwd"}, "invalid_size"),
        ({"type": "cat"}, "invalid_type"),
        ({"type_level": "3"}, "invalid_type_level"),
        ({"format": "gif"}, "invalid_format"),
        ({"channels": "rgb"}, "invalid_channels"),
        ({"crop": "maybe"}, "invalid_crop"),
        ({"add_shadow": "2"}, "invalid_add_shadow"),
        ({"semitransparency": "half"}, "invalid_semitransparency"),
        ({"crop_margin": "ten"}, "invalid_crop_margin"),
        ({"crop_margin": "1 2 3"}, "invalid_crop_margin"),
        ({"crop_margin": "51%"}, "invalid_crop_margin"),
        ({"crop_margin": "501px"}, "invalid_crop_margin"),
        ({"crop_margin": "-1px"}, "invalid_crop_margin"),
        ({"scale": "5%"}, "invalid_scale"),
        ({"scale": "101%"}, "invalid_scale"),
        ({"scale": "80"}, "invalid_scale"),
        ({"scale": "nan%"}, "invalid_scale"),
        ({"position": "left"}, "invalid_position"),
        ({"position": "10% 20% 30%"}, "invalid_position"),
        ({"position": "101%"}, "invalid_position"),
        ({"bg_color": "ggg"}, "invalid_bg_color"),
        ({"bg_color": "12345"}, "invalid_bg_color"),
        ({"bg_color": "rgb(1,2,3)"}, "invalid_bg_color"),
        ({"roi": "1 2 3"}, "invalid_roi"),
        ({"roi": "a b c d"}, "invalid_roi"),
        ({"roi": "0 0 81 60"}, "roi_exceeds_bounds"),
        ({"roi": "0% 0% 101% 100%"}, "roi_exceeds_bounds"),
        ({"roi": "-1 0 10 10"}, "roi_exceeds_bounds"),
        ({"roi": "10 10 10 20"}, "roi_region_empty"),
        ({"roi": "50% 0% 40px 100%"}, "roi_region_empty"),
        ({"image_url": "https://example.com/a.png"}, "multiple_sources"),
        ({"image_file_b64": "aGk="}, "multiple_sources"),
        ({"bg_color": "fff", "bg_image_url": "https://example.com/a.png"}, "multiple_bg_sources"),
    ],
)
def test_what_is_wrong_has_its_code(api: TestClient, data: dict[str, str], expected: str) -> None:
    answer = post(api, data)
    assert answer.status_code == 400
    assert code(answer) == expected


@pytest.mark.parametrize("sent", [{"data": {"size": "auto"}}, {"json": {}}, {"json": {"image_url": None}}])
def test_a_photo_is_needed(api: TestClient, sent: dict[str, Any]) -> None:
    answer = api.post(URL, **sent)
    assert (answer.status_code, code(answer)) == (400, "missing_source")


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        (b"not a picture", "invalid_file_type"),
        (b"", "failed_to_read_image"),
        (PHOTO[:120], "failed_to_read_image"),
        (png(np.zeros((60, 80, 4), np.uint8)), "unknown_foreground"),
    ],
)
def test_what_is_no_photo_of_a_product(api: TestClient, photo: bytes, expected: str) -> None:
    answer = post(api, photo=photo)
    assert (answer.status_code, code(answer)) == (400, expected)


def test_base64_that_is_none(api: TestClient) -> None:
    answer = api.post(URL, json={"image_file_b64": "*** no base64 ***"})
    assert (answer.status_code, code(answer)) == (400, "failed_to_read_image")


def test_too_many_pixels_and_bytes() -> None:
    with client(ServiceSettings(max_megapixels=0.001, max_upload_megabytes=0.01)) as api:
        answer = post(api)
        assert (answer.status_code, code(answer)) == (400, "resolution_too_high")
        answer = post(api, photo=PHOTO + b"\0" * 20_000)
        assert (answer.status_code, code(answer)) == (400, "file_too_large")


@pytest.mark.parametrize("fields", [{"image_url": "https://example.com/a.jpg"}, {"image_url": "file:///etc/passwd"}])
def test_addresses_are_not_fetched_unless_allowed(api: TestClient, fields: dict[str, str]) -> None:
    answer = api.post(URL, data=fields)
    assert (answer.status_code, code(answer)) == (400, "urls_not_allowed")


@pytest.mark.parametrize(
    ("field", "expected"), [("image_url", "failed_image_download"), ("bg_image_url", "failed_bg_download")]
)
@pytest.mark.parametrize("url", ["http://127.0.0.1/a.jpg", "http://169.254.169.254/", "ftp://example.com/a", "nothing"])
def test_inner_addresses_are_refused(field: str, expected: str, url: str) -> None:
    with client(ServiceSettings(fetch_urls=True)) as api:
        answer = api.post(URL, data={field: url}) if field == "image_url" else post(api, {field: url})
    assert (answer.status_code, code(answer)) == (400, expected)


def test_account(api: TestClient) -> None:
    attributes = api.get("/v1.0/account").json()["data"]["attributes"]
    assert attributes["credits"] == {"total": 0, "subscription": 0, "payg": 0, "enterprise": 0}
    assert attributes["api"]["free_calls"] > 0
    assert attributes["api"]["sizes"] == "all"


def test_a_wrong_method_and_address_have_the_same_form(api: TestClient) -> None:
    for answer, status in ((api.get(URL), 405), (api.get("/v1.0/nothing"), 404)):
        assert answer.status_code == status
        assert code(answer)
