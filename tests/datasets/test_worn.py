"""Garments that somebody wears, by the pixel labels of street photos."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.datasets import Split, described_items, worn_items
from packshot.errors import UsageError
from packshot.values import Box

NAMES = ["null", "jeans", "hat", "skin", "pumps", "wallet"]


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Four street photos of 200 x 300, one of each split and a second to learn from, which bears a small hat."""
    folder = tmp_path / "ccp"
    for name in ("photos", "labels"):
        (folder / name).mkdir(parents=True)
    (folder / "classes.txt").write_text("\n".join(NAMES))
    (folder / "tags.csv").write_text("photo,annotation,tags\n0002,pixel,jeans\n")
    for number in (1, 2, 8, 18):
        labels = np.zeros((300, 200), np.uint8)
        labels[20:60, 80:120] = NAMES.index("skin")
        labels[100:200, 50:150] = NAMES.index("jeans")
        labels[260:290, 40:80] = labels[260:290, 120:160] = NAMES.index("pumps")
        labels[210:240, 10:40] = NAMES.index("wallet")
        if number == 18:
            labels[0:20, 90:110] = NAMES.index("hat")
        cv2.imwrite(str(folder / "labels" / f"{number:04}.png"), labels)
        cv2.imwrite(str(folder / "photos" / f"{number:04}.jpg"), np.repeat(labels[..., None] * 40, 3, axis=2))
    return tmp_path


def test_each_garment_is_a_part_under_its_category(street: Path) -> None:
    found = worn_items(street, Split.TRAIN)
    assert [(item.photo.stem, item.category, item.part) for item in found] == [
        ("0002", "pants", Box(50, 100, 150, 200)),
        ("0002", "shoes", Box(40, 260, 160, 290)),
        ("0018", "pants", Box(50, 100, 150, 200)),
        ("0018", "shoes", Box(40, 260, 160, 290)),
    ], "a hat of 20 pixels is too small, and a wallet has no place in our tree"
    assert {item.source for item in found} == {"worn"}
    assert [item.photo.stem for item in worn_items(street, Split.VALIDATION)] == ["0001", "0001"]
    assert [item.photo.stem for item in worn_items(street, Split.HOLDOUT)] == ["0008", "0008"]


def test_a_part_is_seen_with_a_little_around_it(street: Path) -> None:
    pants, shoes = worn_items(street, Split.TRAIN)[:2]
    assert pants.rgb().shape == (100 + 2 * 8, 100 + 2 * 8, 3), "8 % on each side"
    assert shoes.rgb().shape == (30 + 2 * 2, 120 + 2 * 9, 3)
    whole = next(item for item in described_items(street) if item.photo.stem == "0002")
    assert np.array_equal(pants.rgb(), whole.rgb()[92:208, 42:158])


def test_a_margin_ends_at_the_photo() -> None:
    assert Box(5, 0, 105, 50).widened(0.1, within=(110, 52)) == Box(0, 0, 110, 52)
    assert Box(5, 10, 6, 11).widened(0.9, within=(100, 100)) == Box(5, 10, 6, 11), "rounded down to pixels"


def test_without_the_set_there_is_none(tmp_path: Path) -> None:
    assert worn_items(tmp_path, Split.TRAIN) == []


def test_a_damaged_label_picture_is_named(street: Path) -> None:
    (street / "ccp" / "labels" / "0002.png").write_bytes(b"")
    with pytest.raises(UsageError, match=r"0002\.png"):
        worn_items(street, Split.TRAIN)
