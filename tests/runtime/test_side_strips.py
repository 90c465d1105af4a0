"""What the frame network sees: orientation, depth, speed-ups that change nothing, and the way back to pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from packshot.runtime import InputSpec, View
from packshot.runtime.preprocessing import prepare
from packshot.runtime.side_strips import (
    DEPTH,
    LENGTH,
    SHEET,
    band_widths,
    inner_box,
    side_strips,
    strip_sheet,
)
from packshot.values import Box, Rgb


def bordered(height: int, width: int, bands: tuple[int, int, int, int]) -> Rgb:
    """Grey, with bands of 10, 20, 30 and 40 at left, top, right and bottom, in pixels."""
    left, top, right, bottom = bands
    rgb = np.full((height, width, 3), 200, np.uint8)
    rgb[:top], rgb[height - bottom :] = 20, 40
    rgb[:, :left], rgb[:, width - right :] = 10, 30
    return rgb


def test_each_side_has_its_outer_edge_in_row_0() -> None:
    rgb = bordered(512, 512, (32, 64, 16, 96))  # a strip's row is 2 pixels
    strips = side_strips(rgb)
    assert strips.shape == (4, DEPTH, LENGTH, 3)
    assert strips.dtype == np.uint8
    middle = strips[:, :, LENGTH // 2, 0]
    for row, (level, rows) in zip(middle, ((10, 16), (20, 32), (30, 8), (40, 48)), strict=True):
        assert (row[: rows - 1] == level).all()
        assert (row[rows + 1 :] == 200).all()


def test_columns_run_down_and_to_the_right() -> None:
    down = np.repeat(np.linspace(0, 255, 400).astype(np.uint8)[:, None, None], 300, axis=1).repeat(3, axis=2)
    left, top, right, bottom = side_strips(down)
    assert (np.diff(left[:, :, 0].astype(int), axis=1) >= 0).all()
    assert (left == right).all()
    assert top.mean() < 40 < 210 < bottom.mean()
    across = np.ascontiguousarray(down.swapaxes(0, 1))
    assert (np.diff(side_strips(across)[1][:, :, 0].astype(int), axis=1) >= 0).all()


@pytest.mark.parametrize("shape", [(301, 407), (64, 900), (700, 33)])
def test_flips_and_transposes_permute_the_sides(shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (*shape, 3)).astype(np.uint8)
    left, top, right, bottom = side_strips(rgb).astype(int)
    expected = {
        "mirrored": (right, top[:, ::-1], left, bottom[:, ::-1]),
        "upside down": (left[:, ::-1], bottom, right[:, ::-1], top),
        "transposed": (top, left, bottom, right),
    }
    turned = {"mirrored": rgb[:, ::-1], "upside down": rgb[::-1], "transposed": rgb.swapaxes(0, 1)}
    for name, sides in expected.items():
        found = side_strips(np.ascontiguousarray(turned[name])).astype(int)
        assert np.abs(found - np.stack(sides)).max() <= 2, name  # rounding in OpenCV's two passes


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 5000), (4000, 2)])
def test_any_size_has_strips(shape: tuple[int, int]) -> None:
    assert (side_strips(np.full((*shape, 3), 77, np.uint8)) == 77).all()


def test_a_thin_band_survives_on_a_large_photo() -> None:
    """1 % of 12 megapixels: at the picture's border and nowhere else."""
    strips = side_strips(bordered(3000, 4000, (40, 30, 40, 30)))
    assert (strips[:, :2, 10:-10, 0].max(axis=(1, 2)) < 50).all()
    assert (strips[:, 4:, 10:-10, 0] == 200).all()


def test_the_sheet_is_what_a_network_of_this_view_is_fed() -> None:
    rgb = bordered(120, 90, (9, 9, 9, 9))
    sheet = strip_sheet(rgb)
    assert sheet.shape == (SHEET[1], SHEET[0], 3)
    assert (sheet.reshape(4, DEPTH, LENGTH, 3) == side_strips(rgb)).all()
    spec = InputSpec(size=SHEET, view="side-strips", mean=(0, 0, 0), std=(1, 1, 1))
    fed = prepare(rgb, size=spec.size, view=spec.view, mean=spec.mean, std=spec.std)
    assert fed.shape == (3, SHEET[1], SHEET[0])
    np.testing.assert_allclose(fed, sheet.transpose(2, 0, 1) / 255, atol=1e-6)
    assert InputSpec(size=(8, 8)).view is View.PHOTO


def sides(*places: dict[int, float]) -> NDArray[np.float32]:
    out = np.zeros((4, 1 + DEPTH), np.float32)
    for row, values in zip(out, places, strict=True):
        for place, probability in values.items():
            row[place] = probability
    return out


def test_widths_are_averaged_around_the_most_probable_row() -> None:
    """Row k of 64 ends k / 256 into the picture; what lies far from the maximum does not pull it."""
    found = band_widths(sides({16: 1.0}, {0: 0.9, 5: 0.1}, {20: 0.5, 21: 0.5}, {32: 0.6, 4: 0.2, 0: 0.2}))
    np.testing.assert_allclose(found, np.array([16, 0, 20.5, 32]) / 256, atol=1e-6)
    assert band_widths(sides({0: 0.6, 8: 0.4}, {}, {}, {}), threshold=0.3)[0] == pytest.approx(8 / 256)


def test_the_inner_box_is_in_whole_pixels_of_any_picture() -> None:
    quarter = np.full(4, 0.25, np.float32)
    assert inner_box(np.float32([0.1, 0, 0.05, 0.2]), size=(200, 100)) == Box(20, 0, 190, 80)
    for width in range(1, 40):
        for height in (1, 2, 7):
            inner_box(quarter, size=(width, height))  # a box with a pixel in it, or Box would refuse
