"""Every layout a shop may bring, and what is said where it is not as it should be."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from packshot.datasets import MaskKind, Split, described_items, folds, open_items, public_items, write_manifest
from packshot.datasets.manifest import manifest_text
from packshot.errors import UsageError
from packshot.values import Box


def table(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


# --- images/ and masks/ ----------------------------------------------------------------------------------------------


def test_folder_splits_keep_some_back_and_never_share_a_photo(shop: Path) -> None:
    items = open_items(shop, task="segmentation")
    assert [item.split for item in items[:3]] == [Split.HOLDOUT, Split.VALIDATION, Split.TRAIN]
    assert [item.split for item in items[10:]] == [Split.HOLDOUT, Split.VALIDATION]
    assert len({item.photo for item in items}) == len(items) == 12
    assert {item.source for item in items} == {"shop"}


def test_few_pictures_have_no_holdout(shop: Path) -> None:
    for index in range(3, 12):
        (shop / "images" / f"{index:02}.png").unlink()
    assert [i.split.value for i in open_items(shop, task="segmentation")] == ["train", "validation", "train"]


def test_a_missing_mask_is_named(shop: Path) -> None:
    (shop / "masks" / "07.png").unlink()
    with pytest.raises(UsageError, match=r"1 of 12 images have no mask.*07"):
        open_items(shop, task="segmentation")


def test_a_folder_without_masks_says_so(shop: Path) -> None:
    shutil.rmtree(shop / "masks")
    with pytest.raises(UsageError, match=r"12 of 12 images have no mask.*masks/"):
        open_items(shop, task="segmentation")


def test_two_pictures_of_one_name_are_refused(shop: Path) -> None:
    shutil.copy(shop / "images" / "03.png", shop / "images" / "03.jpg")
    with pytest.raises(UsageError, match=r"03\.jpg and 03\.png share a name"):
        open_items(shop, task="segmentation")


def test_what_is_no_picture_is_left_alone(shop: Path) -> None:
    for name in ("Thumbs.db", ".DS_Store", "._00.png", "notes.txt"):
        (shop / "images" / name).write_bytes(b"\0")
        (shop / "masks" / name).write_bytes(b"\0")
    assert len(open_items(shop, task="segmentation")) == 12


def test_split_folders_of_images_and_masks(shop: Path, tmp_path: Path) -> None:
    for name in ("train", "val", "test"):
        shutil.copytree(shop, tmp_path / "parts" / name)
    counts = Counter(item.split for item in open_items(tmp_path / "parts", task="segmentation"))
    assert counts == {Split.TRAIN: 12, Split.VALIDATION: 12, Split.HOLDOUT: 12}


@pytest.mark.parametrize("task", ["segmentation", "classification"])
def test_an_empty_folder_says_what_was_expected(tmp_path: Path, task: Any) -> None:
    expected = {"segmentation": "images/ and masks/", "classification": "one folder for each class"}
    with pytest.raises(UsageError, match=expected[task]):
        open_items(tmp_path, task=task)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        open_items(tmp_path / "nowhere", task="segmentation")


# --- class folders ---------------------------------------------------------------------------------------------------


def test_class_folders_are_split_class_by_class(tmp_path: Path, draw: Any) -> None:
    for index in range(20):
        draw(tmp_path / "shirt" / f"{index:02}.png", index)
    for index in range(5):
        draw(tmp_path / "hat" / "summer" / f"{index:02}.png", 50 + index)
    (tmp_path / "hat" / "Thumbs.db").write_bytes(b"\0")
    items = open_items(tmp_path, task="classification")
    counts = Counter((item.label, item.split.value) for item in items)
    assert counts == {
        ("shirt", "train"): 16,
        ("shirt", "validation"): 2,
        ("shirt", "holdout"): 2,
        ("hat", "train"): 4,
        ("hat", "validation"): 1,
    }


def test_split_folders_of_classes_without_validation_take_it_from_training(tmp_path: Path, draw: Any) -> None:
    for split, count in (("train", 20), ("test", 4)):
        for index in range(count):
            draw(tmp_path / split / "shirt" / f"{index:02}.png", index)
    counts = Counter(item.split.value for item in open_items(tmp_path, task="classification"))
    assert counts == {"train": 18, "validation": 2, "holdout": 4}


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_a_table_is_read_and_written_back_the_same(shop: Path, tmp_path: Path) -> None:
    items = open_items(shop, task="segmentation")
    write_manifest(shop / "split.csv", items)
    again = open_items(shop, task="segmentation")  # the table now comes first
    assert [(i.photo, i.mask, i.split, i.kind) for i in again] == [(i.photo, i.mask, i.split, i.kind) for i in items]
    assert (shop / "split.csv").read_text().splitlines()[1] == "images/00.png,masks/00.png,,holdout,,alpha"
    write_manifest(tmp_path / "absolute.csv", [replace(items[0], photo=Path("/no/where.png"))])
    assert "\n/no/where.png,shop/masks/00.png," in (tmp_path / "absolute.csv").read_text()


def skus(shop: Path) -> Path:
    """A table of six products with two photos each, which lie apart in the order of names."""
    lines = [f"images/{n:02}.png,masks/{n:02}.png,s{n % 6}" for n in range(12)]
    return table(shop / "mine.csv", "path,mask,SKU", *lines)


def test_photos_with_one_value_of_a_named_column_stay_in_one_split_and_one_fold(shop: Path) -> None:
    items = open_items(skus(shop), task="segmentation", group=" SKU")
    for dealt in (items, *folds(items, 3, seed=1)):
        splits = {(f"s{int(item.photo.stem) % 6}", item.split) for item in dealt}
        assert len(splits) == 6
        assert {split for _, split in splits} > {Split.VALIDATION}
    assert {item.group for item in open_items(shop, task="segmentation")} == {None}


@pytest.mark.parametrize("read", [open_items, described_items])
def test_a_group_column_that_is_not_there(shop: Path, read: Any) -> None:
    task = {"task": "segmentation"} if read is open_items else {}
    with pytest.raises(UsageError, match="no column `product` to group by, only path, mask, sku"):
        read(skus(shop), group="product", **task)


def test_what_is_no_table_has_no_group_column(shop: Path) -> None:
    with pytest.raises(UsageError, match=r"shop: no column `sku` to group by: it is no table.*CSV"):
        open_items(shop, task="segmentation", group="sku")


def test_inner_boxes_are_read_and_written_back(shop: Path) -> None:
    path = table(shop / "mine.csv", "path,label,inner_box", "images/00.png,framed,4 5 36 43", "images/01.png,unframed,")
    items = open_items(path, task="classification")
    assert [item.box for item in items] == [Box(4, 5, 36, 43), None]
    assert items[0].box_of(items[0].rgb()) == Box(4, 5, 36, 43)
    write_manifest(shop / "again.csv", items)
    assert (shop / "again.csv").read_text().splitlines()[:2] == [
        "path,mask,label,split,group,kind,inner_box",
        "images/00.png,,framed,train,,,4 5 36 43",
    ]
    again = open_items(shop / "again.csv", task="classification")
    assert [(i.photo, i.label, i.box) for i in again] == [(i.photo, i.label, i.box) for i in items]


def test_a_table_without_splits_leaves_them_to_its_reader(shop: Path) -> None:
    items = open_items(shop, task="segmentation")
    (shop / "open.csv").write_text(manifest_text(shop / "open.csv", items, splits=False))
    assert (shop / "open.csv").read_text().splitlines()[1] == "images/00.png,masks/00.png,,,,alpha"
    again = open_items(shop / "open.csv", task="segmentation")
    assert [(i.photo, i.split) for i in again] == [(i.photo, i.split) for i in items]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_tables_as_spreadsheets_write_them(shop: Path, encoding: str, separator: str) -> None:
    lines = [
        "Path,mask, label,split",
        r"images\00.png,masks\00.png,Ärmel,train",
        r"images\01.png,masks\01.png,B,val",
        "",
    ]
    path = table(shop / "mine.csv", *(line.replace(",", separator) for line in lines), encoding=encoding)
    items = open_items(path, task="segmentation")
    assert [(i.label, i.split.value, i.photo.name) for i in items] == [
        ("Ärmel", "train", "00.png"),
        ("B", "validation", "01.png"),
    ]
    assert items[0].pair()[1].shape == (48, 40)


def test_groups_stay_together(shop: Path) -> None:
    lines = [f"images/{i:02}.png,masks/{i:02}.png,product-{i // 3}" for i in range(12)]
    items = open_items(table(shop / "mine.csv", "path,mask,group", *lines), task="segmentation")
    splits = {(item.group, item.split) for item in items}
    assert len(splits) == 4
    assert ("product-1", Split.VALIDATION) in splits


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["picture,label", "images/00.png,a"], "no column `path`, only picture, label"),
        (["path,split", "images/00.png,trian"], "line 2: split is 'trian', expected train, validation or holdout"),
        (["path,split", "images/00.png,train", "images/01.png,"], "1 lines have no split, first line 3"),
        (["path", "images/00.png", "images/99.png"], r"1 files are not there, first .*99\.png \(line 3\)"),
        (["path,mask", "images/00.png,masks/99.png"], r"1 files are not there, first .*99\.png \(line 2\)"),
        (["path", "images/00.png", "./images/00.png"], "line 3: .* stands in line 2 already"),
        (["path,mask", ",masks/00.png"], "line 2: `path` is empty"),
        (["path,mask,kind", "images/00.png,masks/00.png,grey"], "line 2: kind is 'grey'"),
        (["path,inner_box", "images/00.png,1 2 3"], "line 2: inner_box is '1 2 3', expected `x0 y0 x1 y1`"),
        (["path,inner_box", "images/00.png,1 2 3 4 5"], "line 2: inner_box is '1 2 3 4 5'"),
        (["path,inner_box", "images/00.png,a b c d"], "line 2: inner_box is 'a b c d'"),
        (["path,inner_box", "images/00.png,1.5 2 3 4"], "line 2: inner_box is '1.5 2 3 4'"),
        (["path,inner_box", "images/00.png,5 2 5 9"], "line 2: inner_box is '5 2 5 9'"),
        (["path,inner_box", "images/00.png,-1 2 5 9"], "line 2: inner_box is '-1 2 5 9'"),
        (["path,label"], "no pictures in it"),
        (["path,label", "images/00.png,a"], "1 of 1 pictures have no mask"),
        ([""], "is empty"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(shop: Path, lines: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        open_items(table(shop / "mine.csv", *lines), task="segmentation")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("path\nimages/ä.png\n".encode("latin-1"), "line 2: not UTF-8"),
        ("path\nx.png".encode("utf-16"), "UTF-16"),
        (b"\0\xff", "zero bytes"),
    ],
)
def test_a_table_that_is_no_text_is_a_clear_error(shop: Path, content: bytes, said: str) -> None:
    (shop / "mine.csv").write_bytes(content)
    with pytest.raises(UsageError, match=rf"mine\.csv.* {said}"):
        open_items(shop / "mine.csv", task="segmentation")


def test_several_tables_must_be_chosen_from(shop: Path) -> None:
    for name in ("a.csv", "b.csv"):
        table(shop / name, "path", "images/00.png")
    with pytest.raises(UsageError, match=r"several tables, a\.csv, b\.csv"):
        open_items(shop, task="segmentation")


# --- COCO ------------------------------------------------------------------------------------------------------------


def coco(path: Path, annotations: list[dict[str, Any]], names: list[str], **more: Any) -> Path:
    images = [{"id": i, "file_name": name, "width": 40, "height": 48} for i, name in enumerate(names)]
    categories = [{"id": 7, "name": "shirt"}, {"id": 8, "name": "hat"}]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"images": images, "categories": categories, "annotations": annotations} | more))
    return path


def annotation(image: int, segmentation: Any, category: int = 7, **more: Any) -> dict[str, Any]:
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
        ([annotation(9, SQUARE)], "1 annotations are for no image of the file, first annotation 1"),
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
def test_annotations_that_cannot_be_understood_are_named(shop: Path, annotations: Any, message: str) -> None:
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
    with pytest.raises(UsageError, match="1 of 1 pictures have no label, or several"):
        open_items(path, task="classification")


# --- the public sets -------------------------------------------------------------------------------------------------


def test_public_sets_follow_the_stated_rule(tmp_path: Path) -> None:
    (tmp_path / "ccp" / "labels").mkdir(parents=True)
    for number in range(1, 33):
        (tmp_path / "ccp" / "labels" / f"{number:04}.png").touch()
    splits = {int(item.photo.stem): item.split for item in public_items(tmp_path)}
    assert [n for n, s in splits.items() if s is Split.HOLDOUT] == [8, 16, 24, 32]
    assert [n for n, s in splits.items() if s is Split.VALIDATION] == [1, 17]


def clothing(root: Path) -> Path:
    folder = root / "clothing"
    folder.mkdir()
    with (folder / "labels.csv").open("w", newline="") as file:
        rows = [["sure", "Hat", 7, "train"], ["vague", "Hat", 8, "train"], ["kept", "Polo", 7, "validation"]]
        csv.writer(file).writerows([["image", "label", "sender_id", "split"], *rows])
    with (folder / "masks.csv").open("w", newline="") as file:
        rows = [["image", "foreground_share", "uncertain_share"], ["sure", 0.4, 0.02], ["vague", 0.4, 0.3]]
        csv.writer(file).writerows([*rows, ["kept", 0.4, 0.01]])
    return folder


def test_uncertain_machine_masks_are_left_out(tmp_path: Path) -> None:
    clothing(tmp_path)
    found = {item.photo.stem: item.split for item in open_items(tmp_path, task="segmentation")}
    assert found == {"sure": Split.TRAIN, "kept": Split.VALIDATION}
    assert len(open_items(tmp_path, task="segmentation", max_uncertain=0.5)) == 3


def test_garments_have_kind_and_sender(tmp_path: Path) -> None:
    folder = clothing(tmp_path)
    items = open_items(tmp_path, task="classification")
    assert [(i.photo.stem, i.label, i.group, i.split.value) for i in items] == [
        ("sure", "Hat", "7", "train"),
        ("vague", "Hat", "8", "train"),
        ("kept", "Polo", "7", "validation"),
    ]
    assert open_items(folder, task="classification") == items


def test_groceries_stand_in_where_there_is_no_clothing(tmp_path: Path) -> None:
    folder = tmp_path / "grocery"
    folder.mkdir()
    table(folder / "classes.csv", "class,class_id,path", "Anjou,0,Fruit/Anjou", "Milk,1,Packages/Milk")
    table(folder / "labels.csv", "image,class,split", "train/Anjou/1.jpg,Anjou,train", "val/Milk/1.jpg,Milk,val")
    for root in (tmp_path, folder):
        items = open_items(root, task="classification")
        assert [(i.label, i.split.value) for i in items] == [("Anjou", "train"), ("Milk", "validation")]
    studio = open_items(folder, task="segmentation")
    assert [(i.group, i.kind, i.split.value) for i in studio] == [
        ("Anjou", MaskKind.WHITE_GROUND, "holdout"),
        ("Milk", MaskKind.WHITE_GROUND_CONVEX, "validation"),
    ]


def test_a_damaged_public_set_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "people" / "images").mkdir(parents=True)
    (tmp_path / "people" / "masks").mkdir()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "people" / "masks" / "1.png")
    with pytest.raises(UsageError, match="people: not as the public set is published"):
        open_items(tmp_path, task="segmentation")
