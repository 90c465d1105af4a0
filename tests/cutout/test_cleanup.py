"""Cleaning an alpha up: invariants, on drawn masks and on any."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.cutout import clean_up, smoke_share


def cloud(seed, shape, sigma):
    """A smooth random alpha over the whole range."""
    field = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=shape).astype(np.float32), (0, 0), sigma)
    return np.clip(0.5 + 0.6 * field / max(float(field.std()), 1e-6), 0, 1).astype(np.float32)


def test_smoke_inside_and_far_from_the_product_goes_and_the_soft_edge_stays(disc):
    true = disc(600, blur=4)
    smoky = true.copy()
    smoky[290:310, 290:310] = 0.7
    smoky[20:40, 20:40] = 0.3
    assert smoke_share(smoky) > 0
    cleaned = clean_up(smoky)
    assert smoke_share(cleaned) == 0
    np.testing.assert_array_equal(cleaned, true)


def test_a_clean_mask_is_left_alone(disc):
    for true in (disc(300), disc(300, blur=2), np.zeros((50, 40), np.float32), np.ones((50, 40), np.float32)):
        np.testing.assert_array_equal(clean_up(true), true)


def test_glass_stays():
    glass = np.zeros((400, 400), np.float32)
    glass[100:300, 100:300] = 1
    glass[140:260, 140:260] = 0.6
    np.testing.assert_array_equal(clean_up(glass), glass)


def test_pinholes_close_and_real_holes_stay(disc):
    true = disc(1000)  # the diagonal is 1414: a pinhole has 18 pixels at most
    holed = true.copy()
    holed[500:504, 500:504] = 0
    assert clean_up(holed)[500:504, 500:504].min() == 1
    holed[400:410, 400:410] = 0
    np.testing.assert_array_equal(clean_up(holed)[400:410, 400:410], 0)


def test_specks_go_and_parts_stay(disc):
    true = disc(1000)
    dirty = true.copy()
    dirty[50:54, 50:54] = 1
    dirty[900:920, 900:920] = 1
    cleaned = clean_up(dirty)
    assert not cleaned[50:54, 50:54].any()
    assert cleaned[900:920, 900:920].min() == 1


def test_the_only_piece_is_never_a_speck():
    lonely = np.zeros((1000, 1000), np.float32)
    lonely[10, 10] = 1
    np.testing.assert_array_equal(clean_up(lonely), lonely)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    height=st.integers(1, 160),
    width=st.integers(1, 160),
    sigma=st.sampled_from([0.5, 2.0, 8.0, 20.0]),
)
def test_invariants_of_any_mask(seed, height, width, sigma):
    alpha = cloud(seed, (height, width), sigma)
    before = alpha.copy()
    cleaned = clean_up(alpha)
    np.testing.assert_array_equal(alpha, before)
    assert cleaned.dtype == np.float32
    assert cleaned.shape == alpha.shape
    assert cleaned.min() >= 0
    assert cleaned.max() <= 1
    # What is changed is settled.
    assert set(np.unique(cleaned[cleaned != alpha])) <= {0.0, 1.0}
    # Smoke is left in large regions only.
    half = (cleaned > 0.05) & (cleaned < 0.95)
    product = np.count_nonzero(cleaned >= 0.5)
    if product and smoke_share(cleaned):
        count, labels = cv2.connectedComponents(half.astype(np.uint8), connectivity=8)
        assert count > 1
        assert max(np.bincount(labels[half])[1:]) >= 0.1 * product
    # A pinhole is no hole any more.
    most = max(1.0, (0.003 * math.hypot(height, width)) ** 2)
    pieces, _, stats, _ = cv2.connectedComponentsWithStats((cleaned >= 0.5).astype(np.uint8), connectivity=8)
    if pieces > 2:
        assert stats[1:, cv2.CC_STAT_AREA].min() > most


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 2)])
def test_any_shape(shape):
    for value in (0.0, 0.3, 0.7, 1.0):
        assert clean_up(np.full(shape, value, np.float32)).shape == shape
