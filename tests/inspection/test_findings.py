"""Findings of drawn pictures, whose numbers are known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
import skimage.data

from packshot.inspection import inspect
from packshot.values import Mask


def disk(radius=60, centre=(150, 120), size=(240, 300), background=255):
    alpha = np.zeros(size, np.float32)
    y, x = np.mgrid[: size[0], : size[1]]
    alpha[(x + 0.5 - centre[0]) ** 2 + (y + 0.5 - centre[1]) ** 2 <= radius**2] = 1
    rgb = np.full((*size, 3), background, np.uint8)
    rgb[alpha > 0] = (90, 120, 60)
    return rgb, alpha


@pytest.mark.parametrize("given", [True, False])
def test_a_disk_in_the_middle(given):
    rgb, alpha = disk()
    found = inspect(rgb, alpha if given else None)
    assert (found.width, found.height) == (300, 240)
    assert found.fill_side == pytest.approx(120 / 240)
    assert found.fill_box == pytest.approx(120 * 120 / (300 * 240))
    assert found.fill_area == pytest.approx(math.pi * 60**2 / (300 * 240), rel=0.005)
    assert found.offset == pytest.approx(0)
    assert found.background_white == 1
    assert found.background_luma == 1
    assert found.touches == ()
    assert found.exposure == pytest.approx((0.299 * 90 + 0.587 * 120 + 0.114 * 60) / 255, abs=0.003)


def test_offset_is_a_fraction_of_the_diagonal():
    rgb, alpha = disk(centre=(150 - 48, 120 + 20), radius=40)
    assert inspect(rgb, alpha).offset == pytest.approx(math.hypot(48, 20) / math.hypot(300, 240))


def test_a_mask_value_is_taken_too():
    rgb, alpha = disk()
    assert inspect(rgb, Mask(alpha=alpha, uncertainty=0.1, model="drawn")) == inspect(rgb, alpha)


def test_a_product_at_the_edge():
    rgb, alpha = disk(centre=(20, 120))
    found = inspect(rgb, alpha)
    assert found.touches == ("left",)
    assert any("cut off (left)" in line for line in found.advice)


@pytest.mark.parametrize("background", [254, 240, 128, 0])
def test_a_background_that_is_not_white(background):
    rgb, alpha = disk(background=background)
    for found in (inspect(rgb, alpha), inspect(rgb)):
        assert found.background_white == 0
        assert found.background_luma == pytest.approx(background / 255, abs=0.01)


def test_half_white_half_grey_background():
    rgb, alpha = disk()
    rgb[:, :150][alpha[:, :150] == 0] = 200
    assert inspect(rgb, alpha).background_white == pytest.approx(0.5, abs=0.02)


def test_an_empty_mask_or_an_empty_picture_is_said():
    rgb, alpha = disk()
    for found in (inspect(rgb, alpha * 0), inspect(np.full_like(rgb, 255))):
        assert (found.fill_side, found.fill_box, found.fill_area) == (0, 0, 0)
        assert any("no product" in line for line in found.advice)


def test_advice_in_words():
    cat = skimage.data.chelsea()
    mask = np.zeros(cat.shape[:2], np.float32)
    mask[20:280, 20:430] = 1
    blurred = cv2.GaussianBlur(cat, (0, 0), 8)
    assert not any("sharp" in line for line in inspect(cat, mask).advice)
    assert any("sharp" in line for line in inspect(blurred, mask).advice)
    assert any("dark" in line for line in inspect(cat // 8, mask).advice)
    bright = np.clip(cat.astype(int) * 2 + 60, 0, 255).astype(np.uint8)
    assert any("blown out" in line for line in inspect(bright, mask).advice)
    small = cv2.resize(cat, (100, 70), interpolation=cv2.INTER_AREA)
    assert any("pixels long" in line for line in inspect(small, np.ones((70, 100), np.float32)).advice)


def test_sizes_must_agree():
    rgb, alpha = disk()
    with pytest.raises(ValueError, match="mask: expected"):
        inspect(rgb, alpha[1:])
