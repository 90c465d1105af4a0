"""Frames by edges and rules."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from packshot.frame import can_remove, classical_frame
from packshot.values import Box, Rgb


def framed(box: Box, tone: tuple[int, int, int] = (255, 255, 255), size: tuple[int, int] = (600, 450)) -> Rgb:
    rgb = np.full((size[1], size[0], 3), tone, np.uint8)
    rgb[box.slices] = cv2.resize(data.coffee(), box.size, interpolation=cv2.INTER_AREA)
    return rgb


@pytest.mark.parametrize(
    "box",
    [
        Box(30, 30, 570, 420),  # all around
        Box(8, 8, 592, 442),  # thin
        Box(100, 80, 500, 370),  # broad
        Box(0, 60, 600, 390),  # bars above and below
        Box(70, 0, 530, 450),  # bars at the sides
        Box(0, 0, 600, 400),  # one bar
        Box(20, 50, 560, 430),  # uneven
    ],
    ids=lambda box: str(box.as_tuple()),
)
@pytest.mark.parametrize("tone", [(255, 255, 255), (200, 30, 90)])
def test_a_frame_is_found_to_the_pixel(box: Box, tone: tuple[int, int, int]) -> None:
    frame = classical_frame(framed(box, tone))
    assert frame.framed
    assert frame.score >= 0.5
    assert np.abs(np.subtract(frame.inner_box.as_tuple(), box.as_tuple())).max() <= 1


def test_a_large_photo_is_refined_at_its_own_size() -> None:
    box = Box(173, 91, 2809, 1877)
    assert classical_frame(framed(box, size=(3000, 2000))).inner_box == box


@pytest.mark.parametrize("name", ["coffee", "astronaut", "chelsea", "rocket"])
def test_a_photo_without_a_frame_stays_whole(name: str) -> None:
    rgb = getattr(data, name)()
    frame = classical_frame(rgb)
    assert not frame.framed
    assert frame.score < 0.5
    assert frame.inner_box == Box(0, 0, rgb.shape[1], rgb.shape[0])


def test_a_product_on_white_is_no_frame() -> None:
    rgb = np.full((500, 500, 3), 255, np.uint8)
    cv2.ellipse(rgb, (250, 250), (180, 120), 30, 0, 360, (40, 90, 60), -1)
    assert not classical_frame(rgb).framed


def test_a_leaning_edge_is_no_frame() -> None:
    """A table's edge, 2 degrees off."""
    rgb = cv2.resize(data.coffee(), (600, 400))
    cv2.fillPoly(rgb, [np.array([[0, 340], [600, 361], [600, 400], [0, 400]], np.int32)], (90, 60, 30))
    assert not classical_frame(rgb).framed


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (15, 15), (16, 16), (5000, 3), (40, 4000)])
@pytest.mark.parametrize("fill", ["flat", "noise", "stripes"])
def test_hostile_pictures_get_an_answer_and_no_crop(size: tuple[int, int], fill: str) -> None:
    """All frame, all noise, all lines, of any shape: a decision, and nothing sure enough to cut."""
    width, height = size
    rgb = np.full((height, width, 3), 200, np.uint8)
    if fill == "noise":
        rgb = np.random.default_rng(0).integers(0, 256, rgb.shape, np.uint8)
    elif fill == "stripes":
        rgb[::4] = 0
    frame = classical_frame(rgb)
    assert 0 <= frame.score <= 1
    assert frame.inner_box.x1 <= width
    assert frame.inner_box.y1 <= height
    assert not can_remove(frame, size)


def test_more_of_a_line_is_a_higher_score() -> None:
    """Bars that fade away along their length: the more of them there is, the surer."""
    scores = []
    for length in (0, 200, 400, 600):
        rgb = cv2.resize(data.coffee(), (600, 450))
        rgb[:40, :length] = rgb[-40:, :length] = 255
        scores.append(classical_frame(rgb).score)
    assert scores == sorted(scores)
    assert scores[0] < 0.5 < scores[-1]
