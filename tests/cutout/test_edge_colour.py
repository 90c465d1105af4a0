"""Edge colours: no halo of the old background, nothing else changed."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.cutout import cut_out, foreground_colours
from packshot.cutout.edge_colour import MARGIN
from packshot.values import Mask


def lay(front, back, alpha):
    opacity = alpha[..., None]
    return np.rint(np.asarray(front) * opacity + np.asarray(back) * (1 - opacity)).astype(np.uint8)


def test_a_plain_product_on_a_plain_background_is_recovered(disc):
    alpha = disc(400, blur=8)
    red, blue = (200, 30, 40), (20, 60, 220)
    got = foreground_colours(lay(red, blue, alpha), alpha)
    band = (alpha > 0.02) & (alpha < 1)
    assert np.abs(got[band].astype(int) - red).max() <= 6
    # The raw colours are off by half the way to blue.
    assert np.abs(lay(red, blue, alpha)[band].astype(int) - red).mean() > 50


def test_the_halo_is_gone_on_a_new_background(disc, photo_of):
    alpha = disc(400, blur=6)
    rng = np.random.default_rng(0)
    front = np.clip(np.array((180, 120, 60)) + rng.normal(0, 10, (400, 400, 3)), 0, 255)
    back = np.clip(np.array((10, 200, 40)) + rng.normal(0, 10, (400, 400, 3)), 0, 255)
    photo = photo_of(lay(front, back, alpha))
    rgba = cut_out(photo, Mask(alpha=alpha, uncertainty=0.0, model="test")).rgba
    ours = lay(rgba[..., :3], 255, rgba[..., 3] / np.float32(255)).astype(int)
    raw = lay(photo.rgb, 255, alpha).astype(int)
    true = lay(front, 255, alpha).astype(int)
    band = (alpha > 0) & (alpha < 1)
    assert np.abs(ours - true)[band].mean() < 0.2 * np.abs(raw - true)[band].mean()


def within(alpha, pixels=3):
    """What lies deeper within the outline than its rim."""
    chosen = (alpha >= 0.5).astype(np.uint8)
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    return (cv2.erode(chosen, window) > 0) & (alpha == 1)


def test_solid_pixels_are_the_photos_and_far_ones_are_zero(disc):
    alpha = disc(200, blur=3)
    rgb = np.random.default_rng(1).integers(1, 256, (200, 200, 3), dtype=np.uint8)
    got = foreground_colours(rgb, alpha)
    np.testing.assert_array_equal(got[within(alpha)], rgb[within(alpha)])
    rows = np.flatnonzero((alpha > 0).any(axis=1))
    assert not got[: rows[0] - MARGIN].any()
    assert got[rows[0] - MARGIN : rows[0]].any()


def test_the_margin_keeps_a_resize_free_of_foreign_colour(disc):
    alpha = disc(200)
    got = foreground_colours(lay((250, 250, 250), (0, 0, 0), alpha), alpha)
    row = np.flatnonzero(alpha[100])[0]
    assert got[100, row - MARGIN : row].min() > 240


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_mask_without_an_edge(value):
    rgb = np.full((30, 40, 3), 77, np.uint8)
    got = foreground_colours(rgb, np.full((30, 40), value, np.float32))
    np.testing.assert_allclose(got, 77 if value else 0, atol=1)  # one step of rounding


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31), width=st.integers(1, 70), height=st.integers(1, 70))
def test_any_picture_and_alpha_give_a_picture(seed, width, height):
    rng = np.random.default_rng(seed)
    alpha = np.clip(rng.normal(0.5, 1, (height, width)), 0, 1).astype(np.float32)
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    got = foreground_colours(rgb, alpha)
    assert got.shape == rgb.shape
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got[within(alpha)], rgb[within(alpha)])


def test_a_photo_that_came_with_alpha_gets_its_own_colours_back(disc, photo_of):
    rng = np.random.default_rng(2)
    front = rng.integers(0, 256, (60, 60, 3), dtype=np.uint8)
    alpha = (np.rint(disc(60, blur=6) * 255) / 255).astype(np.float32)
    photo = photo_of(lay(front, 255, alpha), alpha)
    rgba = cut_out(photo, Mask(alpha=photo.alpha, uncertainty=0.0, model="given-alpha")).rgba
    # Rounding of the photo is divided by alpha.
    error = np.abs(rgba[..., :3].astype(int) - front).max(axis=2)
    assert error[alpha > 0.5].max() <= 2
    np.testing.assert_array_equal(rgba[..., 3], np.rint(alpha * 255))


def test_sizes_must_agree(photo_of):
    mask = Mask(alpha=np.ones((3, 3), np.float32), uncertainty=0.0, model="test")
    with pytest.raises(ValueError, match="like the photo"):
        cut_out(photo_of(np.zeros((3, 4, 3), np.uint8)), mask)
