"""Enlarging an alpha: invariants, and the guided filter's own definition."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.cutout import matte
from packshot.cutout.matte import enlarge, enlarge_finely, levels, upsample, without_haze
from packshot.evaluation import iou


def small_of(alpha, side=100):
    return cv2.resize(alpha, (side, side), interpolation=cv2.INTER_AREA)


def painted(alpha, front=(200, 40, 40), back=(40, 90, 200)):
    opacity = alpha[..., None]
    return np.rint(np.array(front) * opacity + np.array(back) * (1 - opacity)).astype(np.uint8)


def test_the_edge_lands_on_the_photos_edge(disc):
    true = disc(800)
    small = cv2.GaussianBlur(small_of(true), (0, 0), 1.5)
    got = upsample(small, painted(true))
    plain = cv2.resize(small, (800, 800), interpolation=cv2.INTER_LINEAR)
    assert iou(got, true) > 0.995
    # And is crisper than a bilinear one, before any levels.
    assert np.abs(got - true).mean() < 0.75 * np.abs(plain - true).mean()


def test_texture_does_not_leak_where_the_small_alpha_is_flat():
    noise = np.random.default_rng(0).integers(0, 256, (600, 500, 3), dtype=np.uint8)
    for value in (0.0, 0.3, 1.0):
        got = upsample(np.full((60, 50), value, np.float32), noise)
        np.testing.assert_allclose(got, value, atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), width=st.integers(1, 90), height=st.integers(1, 90), side=st.integers(2, 60))
def test_the_range_is_kept_at_any_size(seed, width, height, side):
    rng = np.random.default_rng(seed)
    small = rng.random((side, side), np.float32)
    got = upsample(small, rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
    assert got.shape == (height, width)
    assert got.dtype == np.float32
    assert small.min() - 1e-5 <= got.min() <= got.max() <= small.max() + 1e-5


def test_an_alpha_that_is_linear_in_colour_is_found_again():
    # Invariant: the mean of a linear function of colour is that function of the mean colour, so the fit is exact.
    bars = np.array([[30, 90, 200], [220, 60, 40], [120, 180, 20]], np.uint8)[(np.arange(128) // 21) % 3]
    rgb = np.repeat(bars[None], 128, axis=0)
    true = rgb / 255 @ [0.5, 0.2, 0.1]
    alpha = true.reshape(16, 8, 16, 8).mean(axis=(1, 3)).astype(np.float32)
    blurred = cv2.resize(alpha, (128, 128), interpolation=cv2.INTER_LINEAR)
    found = matte.upsample(alpha, rgb, epsilon=1e-6)
    assert np.abs(found - true).mean() < 0.2 * np.abs(blurred - true).mean()


def test_a_larger_alpha_is_only_averaged():
    alpha = np.zeros((8, 8), np.float32)
    alpha[:, 4:] = 1
    np.testing.assert_array_equal(upsample(alpha, np.zeros((4, 4, 3), np.uint8))[0], [0, 0, 1, 1])


def test_a_finer_grid_puts_a_small_photos_edge_right(disc):
    true = disc(200)
    beside = cv2.GaussianBlur(cv2.resize(np.roll(true, 3, axis=1), (352, 352)), (0, 0), 6)
    plain, guided = (upsample(beside, painted(true), scale=scale) for scale in (1, 2))
    assert iou(guided, true) > iou(plain, true) + 0.01


def test_a_second_fit_moves_an_edge_further_towards_the_photos(disc):
    true = disc(500)
    beside = cv2.GaussianBlur(small_of(np.roll(true, 8, axis=1), 176), (0, 0), 2)
    fast, fine = enlarge(beside, painted(true)), enlarge_finely(beside, painted(true))
    assert np.abs(fine - true).mean() < np.abs(fast - true).mean()
    assert iou(fine, true) > iou(fast, true)
    # And leaves alone what is settled far from any edge.
    assert fine[250, 250] == 1
    assert not fine[:40].any()


def test_without_an_edge_there_is_nothing_to_fit():
    noise = np.random.default_rng(0).integers(0, 256, (60, 50, 3), dtype=np.uint8)
    for value in (0.0, 1.0):
        got = enlarge_finely(np.full((30, 30), value, np.float32), noise)
        np.testing.assert_array_equal(got, np.full((60, 50), value))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), width=st.integers(1, 90), height=st.integers(1, 90), side=st.integers(2, 60))
def test_a_second_fit_stays_in_range_at_any_size(seed, width, height, side):
    rng = np.random.default_rng(seed)
    got = enlarge_finely(rng.random((side, side), np.float32), rng.integers(0, 256, (height, width, 3), dtype=np.uint8))
    assert got.shape == (height, width)
    assert got.dtype == np.float32
    assert got.min() >= 0
    assert got.max() <= 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), width=st.integers(1, 90), height=st.integers(1, 90), side=st.integers(2, 60))
def test_the_range_is_kept_on_a_finer_grid(seed, width, height, side):
    rng = np.random.default_rng(seed)
    small = rng.random((side, side), np.float32)
    got = upsample(small, rng.integers(0, 256, (height, width, 3), dtype=np.uint8), scale=2)
    assert got.shape == (height, width)
    assert small.min() - 1e-5 <= got.min() <= got.max() <= small.max() + 1e-5


def test_levels_by_hand():
    got = levels(np.array([[0.1, 0.3, 0.9]], np.float32), low=0.2, high=0.6)
    np.testing.assert_allclose(got, [[0, 0.25, 1]], atol=1e-6)


def test_faint_islands_are_dropped_and_soft_edges_kept(disc) -> None:
    soft = disc(120, 0.25, blur=6)
    alpha = soft.copy()
    alpha[5:15, 5:25] = 0.4
    assert np.array_equal(without_haze(alpha), np.where(soft > 0.1, soft, 0))
    assert not without_haze(np.full((20, 20), 0.45, np.float32)).any()


def test_specks_beside_the_product_go_and_a_second_product_stays() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[5:45, 5:35] = 1.0  # 1,200 sure pixels
    alpha[50:54, 40:43] = 1.0  # 12 of them: one in a hundred stays
    alpha[2:4, 50:55] = 1.0  # 10 of them go
    clean = without_haze(alpha)
    assert clean[51, 41] == 1.0
    assert not clean[:10, 48:].any()
    assert clean.sum() == 1212
