"""Folders as a shop may bring them, and what is said where they are not as they should be."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from packshot.datasets import Split, Task, open_items
from packshot.errors import UsageError

Draw = Callable[[Path, int], Path]

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
    with pytest.raises(UsageError, match=r"1 of 12 images has no mask.*07"):
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
def test_an_empty_folder_says_what_was_expected(tmp_path: Path, task: Task) -> None:
    expected = {"segmentation": "images/ and masks/", "classification": "one folder for each class"}
    with pytest.raises(UsageError, match=expected[task]):
        open_items(tmp_path, task=task)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        open_items(tmp_path / "nowhere", task="segmentation")


# --- class folders ---------------------------------------------------------------------------------------------------


def test_class_folders_are_split_class_by_class(tmp_path: Path, draw: Draw) -> None:
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


def test_split_folders_of_classes_without_validation_take_it_from_training(tmp_path: Path, draw: Draw) -> None:
    for split, count in (("train", 20), ("test", 4)):
        for index in range(count):
            draw(tmp_path / split / "shirt" / f"{index:02}.png", index)
    counts = Counter(item.split.value for item in open_items(tmp_path, task="classification"))
    assert counts == {"train": 18, "validation": 2, "holdout": 4}
