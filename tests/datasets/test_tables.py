"""Tables of pictures, as persons and spreadsheets write them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from packshot_tests.tables import table

from packshot.datasets import Split, described_items, folds, open_items, write_manifest
from packshot.datasets.layouts import Task
from packshot.datasets.manifest import manifest_text
from packshot.errors import UsageError
from packshot.values import Box


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


def test_a_file_whose_name_is_not_utf_8_is_named_and_refused(shop: Path, tmp_path: Path) -> None:
    odd = replace(open_items(shop, task="segmentation")[0], photo=tmp_path / os.fsdecode(b"gr\xf6\xdfe.jpg"))
    with pytest.raises(UsageError, match=r"gr\\xf6\\xdfe\.jpg: no table can name it"):
        write_manifest(tmp_path / "split.csv", [odd])
    assert not (tmp_path / "split.csv").exists()


def test_photos_with_one_value_of_a_named_column_stay_in_one_split_and_one_fold(shop: Path) -> None:
    items = open_items(skus(shop), task="segmentation", group=" SKU")
    for dealt in (items, *folds(items, 3, seed=1)):
        splits = {(f"s{int(item.photo.stem) % 6}", item.split) for item in dealt}
        assert len(splits) == 6
        assert {split for _, split in splits} > {Split.VALIDATION}
    assert {item.group for item in open_items(shop, task="segmentation")} == {None}


@pytest.mark.parametrize(
    "read", [partial(open_items, task="segmentation", group="product"), partial(described_items, group="product")]
)
def test_a_group_column_that_is_not_there(shop: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(UsageError, match="no column `product` to group by, only path, mask, sku"):
        read(skus(shop))


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
        (["path,split", "images/00.png,train", "images/01.png,"], "1 line has no split, first line 3"),
        (["path", "images/00.png", "images/99.png"], r"1 file is not there, first .*99\.png \(line 3\)"),
        (["path,mask", "images/00.png,masks/99.png"], r"1 file is not there, first .*99\.png \(line 2\)"),
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
        (["path,label", "images/00.png,a"], "1 of 1 picture has no mask"),
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


@pytest.mark.parametrize(
    ("task", "lines", "message"),
    [
        ("classification", ["path,category", "images/00.png,Hats"],
         r"no label, or several.*mine\.csv has no column `label`; if `category` is meant, call it `label`"),
        ("classification", ["path,price,class", "images/00.png,3,Hats"], "if `class` is meant, call it `label`"),
        ("classification", ["path,sorte", "images/00.png,Hats"], "if `sorte` is meant, call it `label`"),
        ("classification", ["path,sorte,preis", "images/00.png,Hats,3"],
         "no column `label`, only `path`, `sorte`, `preis`: call the one that is meant `label`, or add it"),
        ("classification", ["path", "images/00.png"], "no column `label`, only `path`: call"),
        ("classification", ["path,label", "images/00.png,"], "complete them, or leave these pictures out"),
        ("segmentation", ["path,matte", "images/00.png,masks/00.png"], "if `matte` is meant, call it `mask`"),
    ],
)  # fmt: skip
def test_a_table_without_the_column_that_is_needed_names_those_it_has(
    shop: Path, task: Task, lines: list[str], message: str
) -> None:
    """By its name, and found in its folder."""
    (shop / "apart").mkdir()
    named = table(shop / "apart" / "mine.csv", *(line.replace("images/", "../images/") for line in lines))
    for data in (named, named.parent):
        with pytest.raises(UsageError) as error:
            open_items(data, task=task)
        assert re.search(message, f"{error.value}: {error.value.remedy}"), error.value.remedy
