"""YOLO's outlines, written by hand after the format's documentation."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.datasets import MaskKind, Split, open_items
from packshot.errors import UsageError

SQUARE = "0 0.2 0.25 0.6 0.25 0.6 0.75 0.2 0.75"  # of 10 x 8 pixels: x 2..6, y 2..6


def write(images: Path, labels: Path, name: str, lines: str | None) -> Path:
    for folder in (images, labels):
        folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(images / f"{name}.png"), np.full((8, 10, 3), 90, np.uint8))
    if lines is not None:
        (labels / f"{name}.txt").write_text(lines)
    return images.parent


def test_corners_are_fractions_of_the_picture(tmp_path: Path) -> None:
    write(tmp_path / "images", tmp_path / "labels", "one", SQUARE)
    (item,) = open_items(tmp_path, task="segmentation")
    truth = np.zeros((8, 10), np.float32)
    truth[2:6, 2:6] = 1
    assert np.array_equal(item.alpha(), truth)
    assert (item.kind, item.label) == (MaskKind.REGIONS, "0")


def test_several_outlines_are_one_foreground_and_several_classes_no_label(tmp_path: Path) -> None:
    write(tmp_path / "images", tmp_path / "labels", "one", f"{SQUARE}\n\n7 0.8 0 1 0 1 0.25\n")
    (item,) = open_items(tmp_path, task="segmentation")
    assert item.label is None
    assert item.alpha()[3, 3] == item.alpha()[0, 9] == 1
    assert item.alpha()[7, 9] == 0


@pytest.mark.parametrize("layout", ["{split}/{part}", "{part}/{split}"])
def test_folders_named_after_a_split_are_of_it(tmp_path: Path, layout: str) -> None:
    for split in ("train", "val", "test"):
        images, labels = (tmp_path / layout.format(split=split, part=part) for part in ("images", "labels"))
        write(images, labels, split, SQUARE)
    found = {item.photo.stem: item.split for item in open_items(tmp_path, task="segmentation")}
    assert found == {"train": Split.TRAIN, "val": Split.VALIDATION, "test": Split.HOLDOUT}


def test_a_picture_in_which_nothing_was_outlined_is_left_out(tmp_path: Path) -> None:
    for name, lines in {"a": SQUARE, "empty": "", "unlabelled": None}.items():
        write(tmp_path / "images", tmp_path / "labels", name, lines)
    assert [item.photo.stem for item in open_items(tmp_path, task="segmentation")] == ["a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 0.5 0.5 0.2 0.2", "line 1 is a box, expected an outline"),
        ("0 0.1 0.1 0.2", "line 1 is no outline"),
        ("0 0.1 0.1 0.2 0.2 0.3 0.3 0.4", "line 1 is no outline"),
        ("0 0.1 nan 0.2 0.2 0.3 0.3", "line 1 is no outline"),
        ("0 10 10 20 10 20 20", "line 1 is no outline"),  # pixels
        ("cup 0.1 0.1 0.2 0.2 0.3 0.3", "line 1 is no outline"),
    ],
)
def test_a_line_that_is_no_outline_is_named(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path / "images", tmp_path / "labels", "one", line)
    with pytest.raises(UsageError, match=rf"one\.txt: {said}"):
        open_items(tmp_path, task="segmentation")


def test_labels_without_their_picture_are_named(tmp_path: Path) -> None:
    write(tmp_path / "images", tmp_path / "labels", "one", SQUARE)
    (tmp_path / "labels" / "two.txt").write_text(SQUARE)
    with pytest.raises(UsageError, match=r"two\.txt: its picture is not in .*images"):
        open_items(tmp_path, task="segmentation")
