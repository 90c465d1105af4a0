"""Whether a product stands among its like, told from drawn shelves and single products."""

import cv2
import numpy as np
import pytest

from packshot.cutout.alike import alike_chance, alike_figures
from packshot.cutout.maps import Maps

SIZE = 240


def heap() -> tuple[Maps, np.ndarray]:
    """Discs side by side over the whole photo; the network takes most of them and doubts itself at the sides."""
    rgb = np.full((SIZE, SIZE, 3), (60, 40, 20), np.uint8)
    for row in range(0, SIZE + 40, 40):
        for column in range(0, SIZE + 40, 40):
            cv2.circle(rgb, (column, row), 19, (220, 120, 30), -1)
            cv2.circle(rgb, (column, row), 19, (120, 60, 10), 2)
    error = np.zeros((SIZE, SIZE), np.float32)
    error[:40] = error[-40:] = error[:, :40] = error[:, -40:] = 0.2
    alpha = np.ones((SIZE, SIZE), np.float32)
    alpha[:, :20] = 0.3
    return Maps(alpha, error=error), rgb


def single() -> tuple[Maps, np.ndarray]:
    """One disc on a grey background."""
    rgb = np.full((SIZE, SIZE, 3), (180, 180, 180), np.uint8)
    alpha = np.zeros((SIZE, SIZE), np.float32)
    cv2.circle(rgb, (SIZE // 2, SIZE // 2), 60, (220, 120, 30), -1)
    cv2.circle(alpha, (SIZE // 2, SIZE // 2), 60, 1.0, -1)
    return Maps(alpha, error=np.zeros_like(alpha)), rgb


def test_a_heap_is_told_from_a_single_product() -> None:
    assert alike_chance(*heap()) > 0.5 > alike_chance(*single())


def test_figures_are_what_a_hand_calculates() -> None:
    maps, rgb = single()
    figures = alike_figures(maps, rgb)
    assert figures["third"] == figures["fullest"] == 0  # the disc reaches no strip of 29 pixels
    assert figures["doubt"] == pytest.approx(np.log(1e-3))
    flat = alike_figures(maps, np.full_like(rgb, 128))
    assert flat["like"] == flat["unlike"] == pytest.approx(1, abs=0.01)
    assert flat["evenness"] == pytest.approx(np.log(1e-3))
    assert figures["like"] < 0.9


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2)])
def test_any_size_gives_a_chance(shape: tuple[int, int]) -> None:
    chance = alike_chance(Maps(np.ones(shape, np.float32)), np.zeros((*shape, 3), np.uint8))
    assert 0 <= chance <= 1
