"""What of a band's pixels tells that somebody added it."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.frame.bands import band_evenness
from packshot.values import Box, Rgb

BOX = Box(20, 30, 300, 210)  # in 320 x 240: all four sides have a band


def picture(band: int | Rgb, inside: int | Rgb) -> Rgb:
    """320 x 240, the inside within BOX."""
    rgb = np.empty((240, 320, 3), np.uint8)
    rgb[:] = band
    rgb[BOX.slices] = inside
    return rgb


def noise(low: int, high: int, *shape: int) -> Rgb:
    return np.random.default_rng(7).integers(low, high, (*shape, 3), dtype=np.uint8)


@pytest.mark.parametrize(("inside", "expected"), [(200, 0.0), (216, 0.25), (232, 0.5), (40, 1.0), (136, 1.0)])
def test_a_band_of_one_colour_counts_by_its_distance_from_the_picture(inside: int, expected: float) -> None:
    """All its pixels are alike: 16 of 64 levels are a quarter, 64 and more are one."""
    assert band_evenness(picture(200, inside), BOX) == expected


def test_pixels_off_the_colour_of_their_row_do_not_count() -> None:
    """Every tenth column of the band is 12 levels brighter, which is alike; then every third one is 13."""
    rgb = picture(100, 220)
    rgb[:, ::10] += 12
    box = Box(0, 30, 320, 240)  # the upper band alone
    rgb[BOX.slices] = 220
    assert band_evenness(rgb, box) == 1
    rgb[:30] = 100
    rgb[:30, ::3] = 113
    assert band_evenness(rgb, box) == pytest.approx(2 / 3, abs=0.01)


def test_a_gradient_across_the_band_is_even_and_one_along_it_is_not() -> None:
    rows = np.linspace(0, 120, 30).astype(np.uint8)[:, None, None]
    columns = np.linspace(0, 120, 320).astype(np.uint8)[None, :, None]
    box = Box(0, 30, 320, 240)
    across, along = picture(0, 255), picture(0, 255)
    across[:30], along[:30] = rows, columns
    across[30:], along[30:] = 255, 255
    assert band_evenness(across, box) == 1
    # Within 12 levels of the middle one lie 25 of 120 levels.
    assert band_evenness(along, box) == pytest.approx(25 / 120, abs=0.03)


def test_one_evident_band_is_enough() -> None:
    rgb = noise(0, 256, 240, 320)
    assert band_evenness(rgb, BOX) < 0.2
    rgb[:, 300:] = (255, 0, 0)
    assert band_evenness(rgb, BOX) == 1


def test_no_band_is_not_even() -> None:
    assert band_evenness(picture(0, 255), Box(0, 0, 320, 240)) == 0


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_thinnest_lines_count(width: int) -> None:
    rgb = np.full((200, 200, 3), 180, np.uint8)
    rgb[:width] = rgb[-width:] = 0
    rgb[:, :width] = rgb[:, -width:] = 0
    assert band_evenness(rgb, Box(width, width, 200 - width, 200 - width)) > 0.95


def test_mirrored_and_turned_pictures_are_the_same() -> None:
    rgb = noise(80, 112, 240, 320)
    rgb[:30] = noise(0, 30, 30, 320)
    expected = band_evenness(rgb, Box(0, 30, 320, 240))
    assert 0 < expected < 1
    assert band_evenness(rgb[::-1], Box(0, 0, 320, 210)) == expected
    assert band_evenness(rgb.transpose(1, 0, 2), Box(30, 0, 240, 320)) == expected
    assert band_evenness(rgb.transpose(1, 0, 2)[:, ::-1], Box(0, 0, 210, 320)) == expected


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (3000, 17)])
@pytest.mark.parametrize("box", [(1, 1, -1, -1), (15, 0, 16, 16), (0, 15, 16, 16), (4, 4, 12, 12)])
def test_any_box_has_an_answer(shape: tuple[int, int], box: tuple[int, int, int, int]) -> None:
    height, width = shape
    inner = Box(box[0], box[1], box[2] % width, box[3] % height) if box[2] < 0 else Box(*box)
    assert 0 <= band_evenness(noise(0, 256, *shape), inner) <= 1
