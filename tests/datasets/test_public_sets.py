"""The public sets as they are published."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from packshot_tests.tables import table
from PIL import Image

from packshot.datasets import MaskKind, Split, open_items, public_items
from packshot.errors import UsageError


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
        ("Anjou", MaskKind.WHITE_BACKGROUND, "holdout"),
        ("Milk", MaskKind.WHITE_BACKGROUND_CONVEX, "validation"),
    ]


def test_a_damaged_public_set_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "people" / "images").mkdir(parents=True)
    (tmp_path / "people" / "masks").mkdir()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "people" / "masks" / "1.png")
    with pytest.raises(UsageError, match="people: not as the public set is published"):
        open_items(tmp_path, task="segmentation")
