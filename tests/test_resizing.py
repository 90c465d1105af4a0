"""Pictures made smaller, against means and sizes that are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.resizing import downscaled, downscaled_size, rescaled


def test_each_pixel_is_the_mean_of_those_it_stands_for() -> None:
    rgb = np.zeros((4, 6, 3), np.uint8)
    rgb[:2, :2] = [[[10, 0, 0], [20, 0, 0]], [[30, 0, 0], [40, 0, 200]]]
    small = downscaled(rgb, 3)
    assert small.shape == (2, 3, 3)
    assert small.dtype == np.uint8
    assert small[0, 0].tolist() == [25, 0, 50]
    assert not small[1:].any()

    alpha = np.array([[0, 1], [0.5, 0.5]], np.float32)
    assert downscaled(alpha, 1).tolist() == [[0.5]]
    assert downscaled(alpha, 1).dtype == np.float32


def test_what_fits_is_left_as_it_is() -> None:
    rgb = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert downscaled(rgb, 5) is rgb
    assert downscaled(rgb, 500) is rgb


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1000, 500), 100, (100, 50)),
        ((500, 1000), 100, (50, 100)),
        ((1000, 3), 100, (100, 1)),  # 0.3 pixels are one
        ((30, 20), 100, (30, 20)),
        ((641, 427), 320, (320, 213)),  # 427 x 320 / 641 = 213.17
    ],
)
def test_the_shape_stays(size: tuple[int, int], longest: int, expected: tuple[int, int]) -> None:
    assert downscaled_size(size, longest) == expected
    assert downscaled(np.zeros(size, np.uint8), longest).shape == expected


def test_to_a_side_of_exactly_so_many_pixels_pictures_grow_as_well() -> None:
    rgb = np.full((10, 5, 3), 7, np.uint8)
    for side in (4, 10, 40):
        resized = rescaled(rgb, side)
        assert resized.shape == (side, round(side / 2), 3)
        assert np.all(resized == 7)
        assert not np.shares_memory(resized, rgb)
