"""Photos and masks that bring their own transparency: it is read in one way, whoever sends it and whenever."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from packshot_tests.service import opened, outlined, png
from starlette.testclient import TestClient

from packshot.result import Result
from packshot.service.v1_jobs import result_row
from packshot.values import Box, Choice, Description, Frame, Mask, Overlays, Photo, Product, Thing

SOFT = np.clip((40 - np.hypot(*np.mgrid[-60:60, -60:60])) / 12, 0, 1)  # a disc with an edge of twelve pixels


def soft_disc() -> bytes:
    pixels = np.full((120, 120, 4), 235, np.uint8)
    pixels[..., 3] = np.rint(SOFT * 255)
    return png(pixels)


def test_a_kept_photo_keeps_its_transparency(api: TestClient) -> None:
    """Asked again for what was found at first, it gives the very mask that it brought along."""
    photo = api.post("/v1/photos", files={"file": soft_disc()}).json()
    strokes = {"strokes": json.dumps({"strokes": []})}
    before = opened(api.post(f"/v1/photos/{photo['id']}/strokes", files=strokes).content)
    again = api.post(f"/v1/photos/{photo['id']}/subject", params={"subject": "auto"})
    assert again.status_code == 200, again.text
    after = opened(api.post(f"/v1/photos/{photo['id']}/strokes", files=strokes).content)
    assert np.array_equal(before, np.rint(SOFT * 255).astype(np.uint8))
    assert np.array_equal(after, before)


def test_a_mask_may_be_sent_as_a_cut_out(api: TestClient) -> None:
    """`packshot cutout --masks` takes either; a cut-out's colours say nothing of where the product is."""
    strokes = {
        "version": 1,
        "photo": {"width": 80, "height": 60},
        "strokes": [{"kind": "keep", "radius": 1, "points": [[70, 50]], "reach": 0}],
    }
    photo = png(np.full((60, 80, 3), 200, np.uint8))
    files = {"file": photo, "mask": outlined(), "strokes": (None, json.dumps(strokes))}
    answer = api.post("/v1/strokes", files=files)
    assert answer.status_code == 200, answer.text
    mask = opened(answer.content)
    assert (mask > 127).sum() == pytest.approx(40 * 30 - 20 * 15 + 5, abs=6)  # the L, and the dot


def test_a_position_alone_keeps_the_size(api: TestClient) -> None:
    answer = api.post("/v1.0/removebg", files={"image_file": soft_disc()}, data={"position": "center"})
    alone = api.post("/v1.0/removebg", files={"image_file": soft_disc()})
    assert answer.headers["x-foreground-width"] == alone.headers["x-foreground-width"]
    assert np.array_equal(
        np.sort(opened(answer.content)[..., 3], axis=None), np.sort(opened(alone.content)[..., 3], axis=None)
    )


def test_all_boxes_of_an_answer_are_in_pixels_of_the_photo() -> None:
    """A frame of 30 by 20 pixels was cut off: what lies at (5, 5) of the picture lies at (35, 25) of the photo."""
    photo = Photo(np.zeros((100, 100, 3), np.uint8), "x", "0" * 64, "ARRAY")
    picture = Photo(photo.rgb[20:90, 30:95].copy(), "x", "0" * 64, "ARRAY")
    place = Box(5, 5, 10, 10)
    result = Result(
        source="x",
        photo=photo,
        picture=picture,
        frame=Frame(True, 0.99, Box(30, 20, 95, 90)),
        mask=Mask(np.ones((70, 65), np.float32), 0.1, "m"),
        overlays=Overlays(True, 0.99, (place,), 3, 0.5),
        description=Description((), (), (Product("a", "A", 0.9, place),), (), None, "m"),
        scene=(Thing((Choice("a", "A", 0.99), Choice("b", "B", 0.97)), place),),
    )
    row = json.loads(json.dumps(result_row(result, pictures=False)))
    assert row["overlays"]["boxes"] == [[35, 25, 40, 30]]
    assert [each["box"] for each in row["products"]] == [[35, 25, 40, 30]]
    assert [each["box"] for each in row["scene"]] == [[35, 25, 40, 30]]
    assert "scene" not in result_row(replace(result, scene=None), pictures=False), "nobody looked"
