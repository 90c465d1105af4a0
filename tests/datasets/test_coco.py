"""COCO annotations: what is read as masks and labels, and what is said where that cannot be."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from packshot.datasets import MaskKind, open_items
from packshot.errors import UsageError


def coco(path: Path, annotations: object, names: list[str], **more: object) -> Path:
    images = [{"id": i, "file_name": name, "width": 40, "height": 48} for i, name in enumerate(names)]
    categories = [{"id": 7, "name": "shirt"}, {"id": 8, "name": "hat"}]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"images": images, "categories": categories, "annotations": annotations} | more))
    return path


def annotation(image: object, segmentation: object, category: int = 7, **more: object) -> dict[str, object]:
    return {"id": 1, "image_id": image, "category_id": category, "segmentation": segmentation} | more


SQUARE = [[0, 0, 4, 0, 4, 4, 0, 4]]


def test_all_annotations_of_a_picture_are_one_foreground(shop: Path) -> None:
    # Whole columns are crowds, as numbers and as text: 39 columns of background, then one of product.
    numbers = {"size": [48, 40], "counts": [39 * 48, 48]}
    # 1872 = 1 11010 10000, groups 16, 26, 1 with 32 for `more`; 48 = 1 10000, groups 16, 1: "`" is 48 + 16 + 32.
    text = {"size": [48, 40], "counts": "`j1`1"}
    path = coco(
        shop / "annotations.json",
        [annotation(0, SQUARE), annotation(0, numbers, iscrowd=1), annotation(1, text, 8, iscrowd=1)],
        ["00.png", "01.png", "02.png"],
    )
    items = open_items(path, task="segmentation")
    assert items == [replace(item, source="annotations") for item in open_items(shop, task="segmentation")]
    assert {item.kind for item in items} == {MaskKind.REGIONS}
    both, crowd, none = (item.alpha() for item in items)
    assert both.sum() == 16 + 48
    assert both[:4, :4].all()
    assert both[:, 39].all()
    assert crowd.sum() == crowd[:, 39].sum() == 48
    assert none.sum() == 0
    assert [item.label for item in items] == ["shirt", "hat", None]


def test_cocos_own_names_say_the_split(shop: Path, tmp_path: Path) -> None:
    for part, names in (("train2017", ["00.png", "01.png"]), ("val2017", ["02.png"])):
        shutil.copytree(shop / "images", tmp_path / "coco" / part)
        coco(tmp_path / "coco" / "annotations" / f"instances_{part}.json", [annotation(0, SQUARE)], names)
    (tmp_path / "coco" / "annotations" / "captions_train2017.json").write_text('{"images": [], "annotations": 1}')
    items = open_items(tmp_path / "coco", task="segmentation")
    assert [(i.photo.parent.name, i.photo.name, i.split.value) for i in items] == [
        ("train2017", "00.png", "train"),
        ("train2017", "01.png", "train"),
        ("val2017", "02.png", "validation"),
    ]


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ([annotation(9, SQUARE)], "1 annotation is for no image of the file, first annotation 1"),
        ([annotation(0, [[1, 2, 3, 4]])], "a polygon of 4 numbers"),
        ([annotation(0, [[0, 0, 4, 0, float("nan"), 4]])], "a polygon of 6 numbers"),
        ([annotation(0, [[0, 0, 4, 0, 1e300, 4]])], "a polygon of 6 numbers"),
        ([annotation(0, [])], "annotation 1 cannot be understood .no outline"),
        ([annotation(0, None, bbox=[0, 0, 4, 4])], "only a box"),
        ([annotation(0, {"counts": [1]})], "annotation 1 cannot be understood"),
        ([annotation(0, {"size": [48], "counts": [1]})], "annotation 1 cannot be understood"),
        ([annotation(0, [["a"] * 6])], "annotation 1 cannot be understood"),
        ([annotation(0, [7])], "annotation 1 cannot be understood"),
        ([annotation([0], SQUARE)], "not COCO annotations|annotation 1"),
        (["text"], "not COCO annotations"),
        ({"a": 1}, "not COCO annotations"),
    ],
)
def test_annotations_that_cannot_be_understood_are_named(shop: Path, annotations: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_items(coco(shop / "a.json", annotations, ["00.png"]), task="segmentation")


def test_runs_for_another_size_are_told_by_the_photos_name(shop: Path) -> None:
    path = coco(shop / "a.json", [annotation(0, {"size": [40, 48], "counts": [1920]})], ["00.png"])
    with pytest.raises(UsageError, match=r"00\.png: its mask does not fit .runs for 48 x 40 pixels"):
        open_items(path, task="segmentation")[0].alpha()


def test_missing_pictures_are_counted(shop: Path) -> None:
    with pytest.raises(UsageError, match=r"2 of 3 pictures are not there, first gone\.jpg, "):
        open_items(coco(shop / "a.json", [], ["00.png", "gone.jpg", ""]), task="segmentation")


def test_one_picture_named_twice_is_refused(shop: Path) -> None:
    with pytest.raises(UsageError, match="same file_name"):
        open_items(coco(shop / "a.json", [], ["00.png", "00.png"]), task="segmentation")


def test_json_of_another_kind_does_not_hide_the_masks(shop: Path) -> None:
    (shop / "settings.json").write_text('{"images": "jpg"}')
    assert {item.kind for item in open_items(shop, task="segmentation")} == {MaskKind.ALPHA}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"images": 1}', b"\xff\xfe", b"[" * 100_000])
def test_json_that_is_something_else(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UsageError, match=r"a\.json: not COCO annotations"):
        open_items(tmp_path / "a.json", task="segmentation")


def test_a_picture_of_two_classes_has_no_label(shop: Path) -> None:
    path = coco(shop / "a.json", [annotation(0, SQUARE), annotation(0, SQUARE, 8)], ["00.png"])
    with pytest.raises(UsageError, match="1 of 1 picture has no label, or several"):
        open_items(path, task="classification")
