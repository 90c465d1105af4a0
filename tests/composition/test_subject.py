"""The product's box: soft hair belongs to it, specks do not."""

from __future__ import annotations

import numpy as np
import pytest

from packshot.subject import find_subject


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_box_area_and_edges_of_a_block(dtype):
    alpha = np.zeros((40, 60), dtype)
    alpha[10:30, 0:25] = 255 if dtype is np.uint8 else 1
    found = find_subject(alpha)
    assert found is not None
    assert found.box.as_tuple() == (0, 10, 25, 30)
    assert found.area == pytest.approx(500)
    assert found.touches == ("left",)


def test_faint_hair_is_inside_the_box_and_haze_is_not():
    alpha = np.zeros((100, 100), np.float32)
    alpha[40:60, 40:60] = 1
    alpha[30:40, 50] = 0.1
    alpha[60:90, 40:60] = 0.02
    found = find_subject(alpha)
    assert found is not None
    assert found.box.as_tuple() == (40, 30, 60, 60)


@pytest.mark.parametrize("size", [200, 3000])
def test_specks_do_not_stretch_the_box_but_a_second_shoe_does(size):
    alpha = np.zeros((size, size), np.float32)
    unit = size // 20
    alpha[8 * unit : 12 * unit, 8 * unit : 12 * unit] = 1
    speck = max(1, unit // 10)
    alpha[unit : unit + speck, unit : unit + speck] = 1
    found = find_subject(alpha)
    assert found is not None
    assert found.box.as_tuple() == (8 * unit, 8 * unit, 12 * unit, 12 * unit)
    alpha[8 * unit : 12 * unit, 14 * unit : 18 * unit] = 1
    pair = find_subject(alpha)
    assert pair is not None
    assert pair.box.as_tuple() == (8 * unit, 8 * unit, 18 * unit, 12 * unit)


def test_a_thin_strap_is_not_broken_into_specks():
    alpha = np.zeros((3000, 3000), np.uint8)
    alpha[100:2900, 1500] = 255
    found = find_subject(alpha)
    assert found is not None
    assert found.box.as_tuple() == (1500, 100, 1501, 2900)


def test_nothing():
    assert find_subject(np.zeros((10, 10), np.float32)) is None
