"""Supervisely's annotations, written by hand after its documentation."""

import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from packshot.datasets import Split, open_items, regions
from packshot.errors import UsageError

POLYGON = {
    "classTitle": "bottle",
    "geometryType": "polygon",
    "points": {"exterior": [[2, 2], [10, 2], [10, 12], [2, 12]], "interior": [[[4, 4], [6, 4], [6, 6], [4, 6]]]},
}


def bitmap(mask: np.ndarray, origin: tuple[int, int]) -> dict[str, Any]:
    return packed(png(mask), origin)


def png(mask: np.ndarray) -> bytes:
    return cv2.imencode(".png", np.dstack([mask * 255] * 4).astype(np.uint8))[1].tobytes()


def stating(width: int, height: int) -> bytes:
    """A PNG whose header states another size than it has, with a checksum that holds."""
    whole = png(np.ones((5, 5), np.uint8))
    header = b"IHDR" + struct.pack(">II", width, height) + whole[24:29]
    return whole[:12] + header + struct.pack(">I", zlib.crc32(header)) + whole[33:]


def packed(png: bytes, origin: tuple[int, int]) -> dict[str, Any]:
    data = base64.b64encode(zlib.compress(png)).decode()
    return {"classTitle": "bottle", "geometryType": "bitmap", "bitmap": {"data": data, "origin": list(origin)}}


def write(folder: Path, objects: list[Any], name: str = "one") -> Path:
    for part in ("ann", "img"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "img" / f"{name}.png"), np.full((20, 30, 3), 90, np.uint8))
    (folder / "ann" / f"{name}.png.json").write_text(json.dumps({"objects": objects}))
    return folder


def test_a_polygon_with_a_hole_and_a_bitmap_make_one_mask(tmp_path: Path) -> None:
    stamp = np.zeros((3, 4), np.uint8)
    stamp[1:, 2:] = 1
    (item,) = open_items(write(tmp_path, [POLYGON, bitmap(stamp, (20, 10))]), task="segmentation")
    expected = np.zeros((20, 30), np.float32)
    expected[2:12, 2:10] = 1
    expected[4:6, 4:6] = 0
    expected[11:13, 22:24] = 1
    np.testing.assert_array_equal(item.alpha(), expected)
    assert item.label == "bottle"


def test_folders_are_splits_where_they_are_named_so(tmp_path: Path) -> None:
    write(tmp_path / "train", [POLYGON], "a")
    write(tmp_path / "val", [POLYGON], "b")
    found = {item.photo.stem: item.split for item in open_items(tmp_path, task="segmentation")}
    assert found == {"a": Split.TRAIN, "b": Split.VALIDATION}


def test_two_classes_are_no_label(tmp_path: Path) -> None:
    (item,) = open_items(write(tmp_path, [POLYGON, {**POLYGON, "classTitle": "cap"}]), task="segmentation")
    assert item.label is None


@pytest.mark.parametrize(
    "wrong",
    [
        {**POLYGON, "geometryType": "cuboid"},
        {**POLYGON, "points": {"exterior": [[1, 1], [2, 2]]}},
        {"classTitle": "x", "geometryType": "bitmap", "bitmap": {"data": "AAAA", "origin": [0, 0]}},
        {"classTitle": "x", "geometryType": "bitmap", "bitmap": {"data": 3, "origin": [0, 0]}},
        packed(b"", (0, 0)),
        packed(b"not a picture, though it is long enough", (0, 0)),
        packed(stating(0, 5), (0, 0)),
        {"geometryType": "polygon"},
        "nothing",
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(UsageError, match=r"one\.png\.json: not a Supervisely annotation"):
        open_items(write(tmp_path, [wrong]), task="segmentation")


def test_a_bitmap_outside_the_photo_is_named(tmp_path: Path) -> None:
    (item,) = open_items(write(tmp_path, [bitmap(np.ones((5, 5), np.uint8), (28, 0))]), task="segmentation")
    with pytest.raises(UsageError, match="5 x 5 pixels at 28, 0 on a photo of 30 x 20"):
        item.alpha()


def test_a_bitmap_that_states_to_be_vast_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = open_items(write(tmp_path, [packed(stating(30_000, 30_000), (0, 0))]), task="segmentation")
    monkeypatch.setattr(regions, "bitmap_mask", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(UsageError, match=r"one\.png: .* 30000 x 30000 pixels at 0, 0 on a photo of 30 x 20"):
        item.alpha()


@pytest.mark.parametrize("damaged", [png(np.ones((5, 5), np.uint8))[:40], stating(9, 9)])
def test_a_damaged_bitmap_is_named_when_it_is_asked_for(tmp_path: Path, damaged: bytes) -> None:
    (item,) = open_items(write(tmp_path, [packed(damaged, (0, 0))]), task="segmentation")
    with pytest.raises(UsageError, match=r"one\.png: .*a bitmap that"):
        item.alpha()


def test_a_bitmap_whose_compression_ends_early_is_named(tmp_path: Path) -> None:
    text = bitmap(np.random.default_rng(1).integers(0, 2, (20, 30)), (0, 0))
    data = base64.b64decode(text["bitmap"]["data"])
    text["bitmap"]["data"] = base64.b64encode(data[:-20]).decode()
    (item,) = open_items(write(tmp_path, [text]), task="segmentation")
    with pytest.raises(UsageError, match="a bitmap that is cut short"):
        item.alpha()


def test_an_annotation_without_its_picture_is_named(tmp_path: Path) -> None:
    write(tmp_path, [POLYGON])
    (tmp_path / "img" / "one.png").unlink()
    with pytest.raises(UsageError, match="is not there"):
        open_items(tmp_path, task="segmentation")
