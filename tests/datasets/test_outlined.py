"""A table of outlined photos: which of them train, and what is said of one that cannot be read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from packshot.datasets import MaskKind, Split, outlined_items
from packshot.errors import UsageError


def table(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    rows = ["image,mask,kind,set,licence"]
    for number in range(count):
        for name in (f"p{number}.png", f"m{number}.png"):
            cv2.imwrite(str(folder / name), np.full((4, 6), 200, np.uint8))
        rows.append(f"p{number}.png,m{number}.png,furniture/bed,furniture,MIT")
    path = folder / "outlined.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_one_in_twelve_validates_and_each_always_does_the_same(tmp_path: Path) -> None:
    items = outlined_items(table(tmp_path, 360))
    validating = {item.photo.name for item in items if item.split is Split.VALIDATION}
    assert len(items) == 360
    assert 15 <= len(validating) <= 45  # 30 expected
    again = outlined_items(table(tmp_path / "fewer", 100))
    assert {item.photo.name for item in again if item.split is Split.VALIDATION} <= validating
    assert {(item.source, item.kind, item.label, item.published) for item in items} == {
        ("outlined", MaskKind.OUTLINED, "furniture/bed", True)
    }


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = table(tmp_path, 2)
    (tmp_path / "m1.png").unlink()
    with pytest.raises(UsageError, match=r"1 file is not there, first .*m1\.png"):
        outlined_items(path)


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "masks.csv"
    path.write_text("photo,mask\na,b\n")
    with pytest.raises(UsageError, match=r"masks\.csv: not a table of outlined photos \(KeyError: 'image'\)"):
        outlined_items(path)
