"""Masks corrected by strokes and read from files, and whose strokes belong to which photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.cutout import Strokes, correct_mask, mask_reader, strokes_by_stem
from packshot.errors import NothingToCutOut, UnreadablePhoto, UsageError
from packshot.limits import Limits
from packshot.values import Mask, Photo


def photo() -> Photo:
    rgb = np.full((60, 80, 3), 90, np.uint8)
    rgb[20:40, 30:50] = (200, 60, 40)
    return Photo(rgb=rgb, source="a.png", sha256="0" * 64, format="ARRAY")


def product() -> np.ndarray:
    alpha = np.zeros((60, 80), np.float32)
    alpha[20:40, 30:50] = 1
    return alpha


def test_a_mask_is_read_from_transparency_or_else_from_brightness(tmp_path: Path) -> None:
    grey = (product() * 255).astype(np.uint8)
    Image.fromarray(grey).save(tmp_path / "mask.png")
    Image.fromarray(np.dstack([photo().rgb, grey])).save(tmp_path / "cutout.png")
    for name in ("mask.png", "cutout.png"):
        np.testing.assert_array_equal(mask_reader(tmp_path / name, Limits())(photo()).alpha, product())


def test_a_mask_of_another_photo_is_refused(tmp_path: Path) -> None:
    Image.fromarray(np.full((9, 9), 255, np.uint8)).save(tmp_path / "small.png")
    Image.fromarray(np.zeros((60, 80), np.uint8)).save(tmp_path / "empty.png")
    with pytest.raises(UsageError, match="expected 80 x 60 pixels like the photo, got 9 x 9"):
        mask_reader(tmp_path / "small.png", Limits())(photo())
    with pytest.raises(NothingToCutOut):
        mask_reader(tmp_path / "empty.png", Limits())(photo())
    with pytest.raises(UnreadablePhoto):
        mask_reader(tmp_path / "gone.png", Limits())(photo())


def test_strokes_with_a_box_ask_for_no_first_mask_and_others_name_the_box() -> None:
    def nothing(_: Photo) -> Mask:
        raise NothingToCutOut("a.png: no product was found", remedy="take it again")

    document = '{"version": 1, "photo": {"width": 80, "height": 60}, "box": %s, "strokes": [%s]}'
    keep = '{"kind": "keep", "radius": 2, "points": [[35, 30], [45, 30]]}'
    box = Strokes.from_json(document % ("[28, 18, 52, 42]", ""))
    boxed = correct_mask(photo(), box, nothing, name="box.json")
    assert boxed.alpha[30, 40] > 0.9
    assert boxed.alpha[5, 5] == 0
    with pytest.raises(NothingToCutOut, match=r'add a "box" around the product to keep\.json'):
        correct_mask(photo(), Strokes.from_json(document % ("null", keep)), nothing, name="keep.json")


def test_strokes_belong_to_the_photo_of_their_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for stem in ("a", "b/c"):
        (tmp_path / f"{stem}.json").write_text("{}")
    assert strokes_by_stem(tmp_path, ["a", "b/c", "d"]) == {"a": tmp_path / "a.json", "b/c": tmp_path / "b" / "c.json"}
    assert strokes_by_stem(tmp_path / "a.json", ["x"]) == {"x": tmp_path / "a.json"}
    with pytest.raises(UsageError, match="one file, but 2 photos"):
        strokes_by_stem(tmp_path / "a.json", ["x", "y"])
    with pytest.raises(UsageError, match="no strokes for any of the photos"):
        strokes_by_stem(tmp_path, ["x"])
