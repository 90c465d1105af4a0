"""recipes/cutout/undecide.py, as it is typed: a filled ring, and a product of the floor's colour."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

SCRIPT = Path(__file__).parents[2] / "recipes" / "cutout" / "undecide.py"
FLOOR, RED, GREY = (200, 190, 170), (160, 40, 40), (199, 189, 169)
PRODUCT, OPEN, NOTHING = 255, 128, 0


def undecide(
    folder: Path, rgb: NDArray[np.uint8], mask: NDArray[np.uint8], row: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """The script's run over one photo and its mask."""
    (folder / "masks").mkdir()
    cv2.imwrite(str(folder / "photo.png"), rgb[..., ::-1])
    cv2.imwrite(str(folder / "masks" / "photo.png"), mask)
    given = {"image": "photo.png", "mask": "masks/photo.png", **row}
    with (folder / "masks.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(given))
        table.writeheader()
        table.writerow(given)
    command = [sys.executable, SCRIPT, folder / "masks.csv", "-o", folder / "open"]
    return subprocess.run(command, check=False, timeout=60, capture_output=True, text=True)


def undecided(folder: Path, rgb: NDArray[np.uint8], mask: NDArray[np.uint8], row: dict[str, str]) -> NDArray[np.uint8]:
    """What the script makes of one mask."""
    ended = undecide(folder, rgb, mask, row)
    assert ended.returncode == 0, ended.stderr
    assert (folder / "open" / "masks.csv").read_bytes() == (folder / "masks.csv").read_bytes()
    made = cv2.imread(str(folder / "open" / "masks" / "photo.png"), cv2.IMREAD_GRAYSCALE)
    assert made is not None
    return np.asarray(made, np.uint8)


def ring(inner: tuple[int, int, int]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A red ring on a noisy floor with something in its middle, and a mask that fills it."""
    noise = np.random.default_rng(2).normal(0, 3, (300, 400, 3))
    rgb = np.full((300, 400, 3), FLOOR, np.uint8)
    cv2.circle(rgb, (200, 150), 100, RED, -1)
    cv2.circle(rgb, (200, 150), 60, inner, -1)
    mask = cv2.circle(np.zeros((300, 400), np.uint8), (200, 150), 100, PRODUCT, -1)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8), mask


def test_the_floor_within_a_ring_is_left_open_and_the_ring_is_not(tmp_path: Path) -> None:
    made = undecided(tmp_path, *ring(FLOOR), row={"agreement": "0.95", "undecided": "0.1"})
    y, x = np.mgrid[:300, :400]
    away = np.hypot(x - 200, y - 150)
    assert (made[away < 55] == OPEN).mean() > 0.99
    assert (made[(away > 66) & (away < 97)] == PRODUCT).mean() > 0.99
    assert (made[away > 103] == NOTHING).all()


@pytest.mark.parametrize("inner", [RED, (90, 120, 200)])
def test_what_has_a_colour_of_its_own_stays(tmp_path: Path, inner: tuple[int, int, int]) -> None:
    rgb, mask = ring(inner)
    assert (undecided(tmp_path, rgb, mask, row={"kind": "ring"}) == mask).all()


def test_a_product_of_the_floors_colour_stays_as_it_is(tmp_path: Path) -> None:
    rgb = np.full((300, 400, 3), FLOOR, np.uint8)
    cv2.rectangle(rgb, (100, 60), (300, 240), RED, 8)
    cv2.rectangle(rgb, (104, 64), (296, 236), GREY, -1)
    mask = cv2.rectangle(np.zeros((300, 400), np.uint8), (96, 56), (304, 244), PRODUCT, -1)
    assert (undecided(tmp_path, rgb, mask, row={"kind": "board"}) == mask).all()


def test_a_table_on_which_the_teachers_disagree_is_refused_with_the_reason(tmp_path: Path) -> None:
    ended = undecide(tmp_path, *ring(FLOOR), row={"agreement": "0.8", "undecided": "0.1"})
    assert ended.returncode == 1
    assert "no mask on which its teachers agree to 0.88" in ended.stderr


def test_a_second_run_makes_what_the_first_did_not_come_to(tmp_path: Path) -> None:
    rgb, mask = ring(FLOOR)
    made = undecided(tmp_path, rgb, mask, row={"kind": "ring"})
    names = sorted(path.name for path in (tmp_path / "open" / "masks").iterdir())
    assert names == ["photo.png"]
    (tmp_path / "open" / "masks" / "photo.png").unlink()  # as if the first had been stopped before it
    command = [sys.executable, SCRIPT, tmp_path / "masks.csv", "-o", tmp_path / "open"]
    subprocess.run(command, check=True, timeout=60)
    again = cv2.imread(str(tmp_path / "open" / "masks" / "photo.png"), cv2.IMREAD_GRAYSCALE)
    assert again is not None
    assert (np.asarray(again) == made).all()
