"""Sharpness, exposure and clipping, against another library, hand calculations and invariants."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import skimage.data
from skimage.measure import blur_effect

from packshot.inspection import clipped, exposure, sharpness
from packshot.values import Box


def whole(rgb):
    return np.ones(rgb.shape[:2], bool), Box(0, 0, rgb.shape[1], rgb.shape[0])


def grey(values):
    return np.dstack([np.asarray(values, np.uint8)] * 3)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut"])
@pytest.mark.parametrize("sigma", [0, 1.5, 4])
def test_sharpness_is_one_minus_the_blur_effect_of_scikit_image(name, sigma):
    rgb = getattr(skimage.data, name)()
    if sigma:
        rgb = cv2.GaussianBlur(rgb, (0, 0), sigma)
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    expected = 1 - blur_effect(luma.astype(np.float64), h_size=11)
    assert sharpness(rgb, *whole(rgb)) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut"])
def test_blurring_lowers_sharpness_step_by_step(name):
    rgb = getattr(skimage.data, name)()
    values = [sharpness(rgb, *whole(rgb))]
    values += [
        sharpness(blurred, *whole(blurred))
        for blurred in (cv2.GaussianBlur(rgb, (0, 0), sigma) for sigma in (1, 2, 3, 4, 6, 8))
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] > 1.5 * values[3]
    assert all(0 <= value <= 1 for value in values)
    hopeless = cv2.GaussianBlur(rgb, (0, 0), 16)
    assert sharpness(hopeless, *whole(hopeless)) < 0.2


def test_a_larger_file_of_the_same_picture_is_no_less_sharp():
    rgb = cv2.resize(skimage.data.astronaut(), (1024, 1024), interpolation=cv2.INTER_CUBIC)
    large = cv2.resize(rgb, (3072, 3072), interpolation=cv2.INTER_CUBIC)
    assert sharpness(large, *whole(large)) == pytest.approx(sharpness(rgb, *whole(rgb)), abs=0.03)


def test_the_background_does_not_count():
    product = skimage.data.chelsea()[:300, :400]
    crisp = np.random.default_rng(0).integers(0, 256, (500, 600, 3), dtype=np.uint8)
    soft = np.full_like(crisp, 255)
    crisp[100:400, 100:500] = product
    soft[100:400, 100:500] = product
    selection = np.zeros((500, 600), bool)
    selection[100:400, 100:500] = True
    box = Box(100, 100, 500, 400)
    assert sharpness(crisp, selection, box) == pytest.approx(sharpness(soft, selection, box), abs=0.02)


def test_a_flat_picture_has_no_sharpness():
    flat = grey(np.full((50, 50), 128))
    assert sharpness(flat, *whole(flat)) == 0


def test_a_product_of_few_pixels_can_be_measured():
    rgb = skimage.data.chelsea()[:4, :3]
    assert 0 <= sharpness(rgb, *whole(rgb)) <= 1


def test_exposure_is_the_mean_luma_of_the_product():
    # half 0, half 100 within the selection -> 50 / 255; the bright rest is not looked at
    rgb = grey([[0, 100, 255, 255]] * 4)
    selection = np.zeros((4, 4), bool)
    selection[:, :2] = True
    assert exposure(rgb, selection) == pytest.approx(50 / 255)
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    assert exposure(red, np.ones((2, 2), bool)) == pytest.approx(76 / 255)  # 0.299 x 255 = 76.2


def test_clipping_counts_pixels_by_hand():
    rgb = grey([[0, 2, 3, 128, 254, 255, 255, 128]])
    rgb[0, 7] = (255, 0, 0)  # one channel is enough to lose detail
    highlights, shadows = clipped(rgb, np.ones((1, 8), bool))
    assert (highlights, shadows) == (3 / 8, 2 / 8)
    assert clipped(rgb, np.zeros((1, 8), bool)) == (0, 0)
