"""From a rough box to the exact pixel."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from packshot.frame import refine_box
from packshot.frame.refine import refine_drawn_box
from packshot.values import Box, Rgb

WHITE, BLUE = (255, 255, 255), (30, 60, 160)


def framed(box: Box, *, size: tuple[int, int] = (400, 300), tone: tuple[int, int, int] = BLUE) -> Rgb:
    """A photo in a frame of one colour."""
    rgb = np.full((size[1], size[0], 3), tone, np.uint8)
    rgb[box.slices] = cv2.resize(data.coffee(), box.size, interpolation=cv2.INTER_AREA)
    return rgb


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def moved(box: Box, by: tuple[int, int, int, int]) -> Box:
    return Box(*(a + b for a, b in zip(box.as_tuple(), by, strict=True)))


@pytest.mark.parametrize("by", [(0, 0, 0, 0), (3, -3, 3, -3), (-3, 3, -3, 3)])
@pytest.mark.parametrize("tone", [WHITE, BLUE, (0, 0, 0)])
def test_a_hard_edge_is_found_to_the_pixel(by: tuple[int, int, int, int], tone: tuple[int, int, int]) -> None:
    box = Box(20, 15, 371, 280)
    assert refine_box(framed(box, tone=tone), moved(box, by), reach=0.012) == box


def test_a_box_drawn_by_hand_may_be_off_by_three_hundredths_of_the_shorter_side() -> None:
    box, plain = Box(20, 15, 371, 280), np.full((300, 400, 3), BLUE, np.uint8)
    plain[box.slices] = WHITE
    too_far = moved(box, (20, 20, -20, -20))
    assert refine_drawn_box(plain, moved(box, (8, -8, 8, -8))) == box
    assert refine_drawn_box(plain, too_far) == too_far


@pytest.mark.parametrize("quality", [90, 60, 30])
def test_after_a_jpeg_no_pixel_of_the_frame_stays_and_at_most_two_of_the_picture_go(quality: int) -> None:
    box = Box(20, 15, 371, 280)
    found = refine_box(jpeg(framed(box), quality), moved(box, (2, 2, -2, -2)), reach=0.012)
    lost = np.abs(np.subtract(found.as_tuple(), box.as_tuple()))
    assert found.x0 >= box.x0
    assert found.y0 >= box.y0
    assert found.x1 <= box.x1
    assert found.y1 <= box.y1
    assert lost.max() <= 2


def test_a_half_covered_pixel_goes_with_the_frame() -> None:
    """Reduced to 2/3, a side at pixel 20 lies at 13.33: pixel 13 is part frame, and pixel 14 may go with it."""
    rgb = cv2.resize(framed(Box(20, 20, 580, 430), size=(600, 450)), (400, 300), interpolation=cv2.INTER_AREA)
    found = refine_box(rgb, Box(12, 15, 388, 286), reach=0.012)
    depths = np.array([found.x0, found.y0, 400 - found.x1, 300 - found.y1])
    assert np.isin(depths, (14, 15)).all()


def test_of_double_lines_the_innermost_counts() -> None:
    box = Box(40, 40, 360, 260)
    rgb = framed(box, tone=WHITE)
    cv2.rectangle(rgb, (37, 37), (362, 262), (0, 0, 0), 1)  # a second line, two pixels away from the picture
    assert refine_box(rgb, Box(38, 38, 362, 262), reach=0.012) == box


def test_sides_without_a_frame_stay_on_the_edge() -> None:
    box = Box(0, 0, 400, 260)
    assert refine_box(framed(box), Box(0, 0, 400, 258), reach=0.012) == box


def test_where_there_is_no_line_the_rough_side_stays() -> None:
    flat = np.full((300, 400, 3), 128, np.uint8)
    assert refine_box(flat, Box(10, 20, 390, 280), reach=0.02) == Box(10, 20, 390, 280)


@pytest.mark.parametrize("radius", [12, 24, 40])
def test_rounded_corners_are_left_out(radius: int) -> None:
    box, size = Box(20, 20, 380, 280), (400, 300)
    inside = np.zeros((size[1], size[0]), np.uint8)
    cv2.rectangle(inside, (20 + radius, 20), (379 - radius, 279), 255, -1)
    cv2.rectangle(inside, (20, 20 + radius), (379, 279 - radius), 255, -1)
    for x in (20 + radius, 379 - radius):
        for y in (20 + radius, 279 - radius):
            cv2.circle(inside, (x, y), radius, 255, -1)
    rgb = np.where(inside[..., None] > 0, framed(box, size=size), np.asarray(BLUE, np.uint8))
    found = refine_box(rgb, box, reach=0.012)
    assert (inside[found.slices] == 255).all()
    # The largest square in the corner of a circle begins r (1 - sqrt(1/2)) from its sides.
    assert found.x0 - box.x0 == pytest.approx(radius * (1 - 0.5**0.5), abs=2)


def test_square_corners_lose_nothing() -> None:
    """Even where the picture's own corners are round shapes."""
    box = Box(20, 20, 380, 280)
    rgb = framed(box)
    for x, y in ((20, 20), (379, 20), (20, 279), (379, 279)):
        cv2.circle(rgb[box.slices], (x - 20, y - 20), 50, (220, 200, 40), -1)
    assert refine_box(rgb, box, reach=0.012) == box


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 2), (3000, 2), (17, 9)])
@pytest.mark.parametrize("reach", [0, 0.01, 0.25])
def test_any_size_gives_a_box_within_the_picture(size: tuple[int, int], reach: float) -> None:
    width, height = size
    rgb = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    one_pixel = Box(width // 2, height // 2, width // 2 + 1, height // 2 + 1)
    for rough in (Box(0, 0, width, height), one_pixel):
        found = refine_box(rgb, rough, reach=reach)
        assert found.x1 <= width
        assert found.y1 <= height


def test_wrong_use_is_named() -> None:
    rgb = np.zeros((30, 40, 3), np.uint8)
    with pytest.raises(ValueError, match=r"expected a box within 40 x 30, got \(0, 0, 41, 30\)"):
        refine_box(rgb, Box(0, 0, 41, 30), reach=0.01)
    with pytest.raises(ValueError, match=r"reach in 0\.\.0\.25, got 0\.5"):
        refine_box(rgb, Box(0, 0, 40, 30), reach=0.5)
