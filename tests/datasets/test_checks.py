"""What would spoil a training is found and named; what is fine is left in peace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from packshot.datasets import DataReport, Item, MaskKind, Split, check_items, open_items
from packshot.errors import UsageError


def codes(report: DataReport) -> dict[str, str]:
    return {finding.code: finding.severity for finding in report.findings}


def checked(root: Path) -> DataReport:
    return check_items(open_items(root, task="segmentation"), "segmentation")


def test_good_data_has_no_findings(shop: Path) -> None:
    calls: list[None] = []
    items = open_items(shop, task="segmentation")
    report = check_items(items, "segmentation", progress=lambda: calls.append(None))
    assert report.findings == ()
    assert report.counts == {"shop": {Split.TRAIN: 8, Split.VALIDATION: 2, Split.HOLDOUT: 2}}
    assert len(calls) == 12
    report.raise_for_errors()
    assert str(report).splitlines()[1].split() == ["shop", "8", "2", "2"]
    assert str(report).endswith("nothing wrong was found")


@pytest.mark.parametrize("folder", ["images", "masks"])
@pytest.mark.parametrize("keep", [0, 20, 60])
def test_broken_files_are_named(shop: Path, folder: str, keep: int) -> None:
    path = shop / folder / "05.png"
    path.write_bytes(path.read_bytes()[:keep])
    report = checked(shop)
    assert codes(report) == {"broken-file": "error"}
    with pytest.raises(UsageError, match=r"05\.png"):
        report.raise_for_errors()


def test_many_broken_files_do_not_flood_the_report(tmp_path: Path, draw: Any) -> None:
    for index in range(50):
        path = tmp_path / "shirt" / f"{index}.png"
        draw(path, index).write_bytes(b"")
    report = check_items(open_items(tmp_path, task="classification"), "classification")
    assert sum(finding.count for finding in report.errors if finding.code == "broken-file") == 50
    assert len(report.errors) <= 22


def masked(shop: Path, mask: np.ndarray) -> DataReport:
    Image.fromarray(mask).save(shop / "masks" / "05.png")
    return checked(shop)


def test_masks_that_cannot_be_right(shop: Path) -> None:
    assert codes(masked(shop, np.zeros((24, 20), np.uint8))) == {"broken-file": "error"}
    assert codes(masked(shop, np.zeros((48, 40), np.uint8))) == {"empty-mask": "warning"}
    assert codes(masked(shop, np.full((48, 40), 255, np.uint8))) == {"full-mask": "warning"}
    labels = np.zeros((48, 40), np.uint8)
    labels[10:20, 10:20] = 1
    assert codes(masked(shop, labels)) == {"faint-mask": "error"}


def test_the_same_picture_in_two_splits(shop: Path) -> None:
    shutil.copy(shop / "images" / "00.png", shop / "images" / "05.png")  # holdout and train
    report = checked(shop)
    assert codes(report) == {"copy-in-two-splits": "error"}
    assert "05.png (train)" in report.errors[0].message
    assert "00.png (holdout)" in report.errors[0].message


def test_the_same_picture_twice_in_training(shop: Path) -> None:
    shutil.copy(shop / "images" / "04.png", shop / "images" / "05.png")
    assert codes(checked(shop)) == {"copy": "warning"}


@pytest.mark.parametrize("how", ["jpeg", "half", "brighter"])
def test_the_same_picture_saved_anew_in_two_splits(shop: Path, how: str) -> None:
    picture = Image.open(shop / "images" / "00.png")
    (shop / "images" / "05.png").unlink()
    if how == "jpeg":
        picture.save(shop / "images" / "05.jpg", quality=60)
    elif how == "half":
        picture.resize((20, 24)).save(shop / "images" / "05.png")
        Image.open(shop / "masks" / "05.png").resize((20, 24)).save(shop / "masks" / "05.png")
    else:
        picture.point(lambda value: min(255, value + 3)).save(shop / "images" / "05.png")
    report = checked(shop)
    assert codes(report) == {"look-alike-in-two-splits": "warning"}
    assert "05." in report.warnings[0].message


def test_products_on_white_are_not_all_the_same(tmp_path: Path) -> None:
    """A hash of differences sees little of a small product on white; the thumbnails tell them apart."""
    items = []
    for index, colour in enumerate([(200, 30, 30), (30, 30, 200), (30, 160, 30), (20, 20, 20)]):
        picture = np.full((64, 64, 3), 255, np.uint8)
        picture[8 : 40 + 6 * index, 20:44] = colour
        Image.fromarray(picture).save(tmp_path / f"{index}.png")
        split = [Split.TRAIN, Split.VALIDATION, Split.HOLDOUT][index % 3]
        items.append(Item("shop", split, tmp_path / f"{index}.png", kind=MaskKind.WHITE_BACKGROUND))
    assert check_items(items, "segmentation").findings == ()


def grouped(*splits: Split, published: bool = False) -> list[Item]:
    rest = [Item("shop", split, Path(f"{split}.jpg"), label="a") for split in Split]
    torn = [Item("shop", s, Path(f"{i}.jpg"), label="b", group="7", published=published) for i, s in enumerate(splits)]
    return rest + torn


def test_a_group_in_two_splits() -> None:
    report = check_items(grouped(Split.TRAIN, Split.HOLDOUT), "segmentation", pictures=False)
    assert codes(report) == {"group-in-two-splits": "error"}
    assert "'7' (train, holdout)" in report.errors[0].message
    assert not check_items(grouped(Split.TRAIN, Split.TRAIN), "segmentation", pictures=False).findings


def test_a_split_published_with_its_set_is_reported_and_not_refused() -> None:
    report = check_items(grouped(Split.TRAIN, Split.HOLDOUT, published=True), "segmentation", pictures=False)
    assert codes(report) == {"group-in-two-splits": "warning"}


def test_one_class_only() -> None:
    items = [Item("shop", split, Path(f"{split}.jpg"), label="shirt") for split in Split]
    report = check_items(items, "classification", pictures=False)
    assert codes(report) == {"one-class": "error"}
    with pytest.raises(UsageError, match="only one class, 'shirt'"):
        report.raise_for_errors()


def test_a_class_without_training_pictures() -> None:
    items = [Item("shop", split, Path(f"{split}.jpg"), label="shirt") for split in Split]
    items.append(Item("shop", Split.VALIDATION, Path("hat.jpg"), label="hat"))
    report = check_items(items, "classification", pictures=False)
    assert codes(report) == {"class-without-pictures": "error"}


def test_missing_splits_are_said() -> None:
    report = check_items([Item("shop", Split.VALIDATION, Path("a.jpg"))], "segmentation", pictures=False)
    assert codes(report) == {"empty-split": "error", "no-holdout": "warning"}
    assert [finding.severity for finding in report.findings] == ["error", "warning"]


def test_a_box_outside_its_photo_is_found(shop: Path) -> None:
    rows = [f"images/{i:02}.png,{'framed' if i % 2 else 'unframed'},{'1 1 99 40' if i == 5 else ''}" for i in range(12)]
    (shop / "mine.csv").write_text("\n".join(["path,label,inner_box", *rows]))
    report = check_items(open_items(shop / "mine.csv", task="classification"), "classification")
    broken = [finding for finding in report.errors if finding.code == "broken-file"]
    assert [finding.files for finding in broken] == [(str(shop / "images" / "05.png"),)]
    assert "1 1 99 40 reaches out of the photo, 40 x 48" in broken[0].message
