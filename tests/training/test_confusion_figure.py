"""The confusion picture: its colours, its size and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packshot.evaluation import confusion_matrix
from packshot.training.figures.confusion import draw_confusion

pytestmark = pytest.mark.train
BLUE, RED = (11, 110, 153), (179, 38, 30)


def colours(path: Path) -> set[tuple[int, ...]]:
    with Image.open(path) as picture:
        return {colour for _, colour in picture.convert("RGB").getcolors(maxcolors=1_000_000)}


def test_what_is_right_is_blue_and_mistakes_are_red(tmp_path: Path) -> None:
    draw_confusion(confusion_matrix([0, 1, 1], [0, 1, 1]), ["hat", "bag"], tmp_path / "right.png", title="All right")
    draw_confusion(confusion_matrix([1, 0, 0], [0, 1, 1]), ["hat", "bag"], tmp_path / "wrong.png", title="All wrong")
    right, wrong = colours(tmp_path / "right.png"), colours(tmp_path / "wrong.png")
    assert BLUE in right
    assert RED not in right
    assert RED in wrong
    assert BLUE not in wrong


def test_a_share_of_a_row_decides_the_depth_not_the_count(tmp_path: Path) -> None:
    few, many = np.array([[1, 1], [0, 2]]), np.array([[700, 700], [0, 3]])
    for name, matrix in (("few", few), ("many", many)):
        draw_confusion(matrix, ["a", "b"], tmp_path / f"{name}.png", title="Same shares")
    half = tuple(round(255 * (1 - 0.5**0.5 * (1 - channel / 255))) for channel in RED)
    assert all(
        min(max(abs(a - b) for a, b in zip(colour, half, strict=True)) for colour in colours(tmp_path / f"{name}.png"))
        <= 1
        for name in ("few", "many")
    )


@pytest.mark.parametrize("classes", [1, 17, 81])
def test_any_number_of_classes_fits(tmp_path: Path, classes: int) -> None:
    matrix = np.eye(classes, dtype=np.int64)
    matrix[-1] = 0  # a class without a photo
    draw_confusion(matrix, [f"class {i}" for i in range(classes)], tmp_path / "c.png", title=f"{classes} classes")
    with Image.open(tmp_path / "c.png") as picture:
        assert picture.width == picture.height
        assert 440 <= picture.width <= 2000


@pytest.mark.parametrize(
    ("matrix", "names"),
    [
        (np.zeros((0, 0), int), []),
        (np.zeros((2, 3), int), ["a", "b"]),
        (np.zeros((2, 2), int), ["a"]),
        (np.full((2, 2), np.nan), ["a", "b"]),
        (np.array([[1, -1], [0, 1]]), ["a", "b"]),
    ],
)
def test_what_is_no_confusion_matrix_is_refused(tmp_path: Path, matrix: np.ndarray, names: list[str]) -> None:
    with pytest.raises(ValueError, match="expected whole numbers"):
        draw_confusion(matrix, names, tmp_path / "c.png", title="")
    assert not list(tmp_path.iterdir())
