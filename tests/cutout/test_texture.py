"""A carpet draws no bristles along a garment, and hair before a wall stays hair."""

import cv2
import numpy as np
import pytest

from packshot.cutout.matte import enlarge, enlarge_finely, levels, upsample
from packshot.cutout.texture import without_texture

DARK, SIDE = (40, 36, 52), 360


def garment():
    """The true alpha of a dark garment."""
    alpha = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(alpha, [np.array([[90, 70], [270, 60], [285, 300], [80, 290]])], 1.0, cv2.LINE_AA)
    return alpha


def before(background, alpha):
    opacity = alpha[..., None]
    return np.rint(np.array(DARK) * opacity + background * (1 - opacity)).astype(np.uint8)


def carpet():
    """Light fibres with dark gaps between them, of the garment's colour."""
    rng = np.random.default_rng(4)
    fibres = np.array((205, 196, 180)) + rng.normal(0, 14, (SIDE, SIDE, 1))
    gaps = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)), (0, 0), 0.8)
    return np.clip(np.where((gaps > 0.32)[..., None], np.array(DARK) + 10, fibres), 0, 255)


def small(alpha):
    """As a network sees it: blurred to half of its resolution."""
    half = cv2.resize(alpha, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    return np.clip(cv2.GaussianBlur(cv2.resize(half, (SIDE, SIDE)), (0, 0), 2.0), 0, 1)


def bristles(alpha, true):
    """What stands out of the true outline by more than a pixel, in whole pixels."""
    near = cv2.dilate((true > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float(alpha[~near].sum())


# `fine` fits alpha to the photo's colours once more: without evening out it has 2.7 times the bristles of one fit.
@pytest.mark.parametrize(("way", "most"), [(enlarge, 0.2), (enlarge_finely, 1.0)])
def test_a_carpet_draws_no_bristles(way, most):
    true = garment()
    photo = before(carpet(), true)
    fitted = levels(upsample(small(true), photo, scale=2))
    got = way(small(true), photo)
    assert bristles(fitted, true) > 30
    assert bristles(got, true) < most * bristles(fitted, true)
    assert np.abs(got - true).mean() < 0.85 * np.abs(fitted - true).mean()


def test_where_colours_tell_the_two_apart_nothing_changes():
    true = garment()
    photo = before(np.full((SIDE, SIDE, 3), 225.0), true)
    fitted = levels(upsample(small(true), photo, scale=2))
    assert without_texture(fitted, small(true), photo) is fitted


def test_a_strap_of_three_pixels_stays():
    true = garment()
    true[20:70, 178:181] = 1
    photo = before(carpet(), true)
    got = without_texture(true, small(true), photo)
    assert got[30:60, 179].min() > 0.9


def test_a_mask_without_an_edge():
    photo = np.full((50, 60, 3), 90, np.uint8)
    for value in (0, 1):
        alpha = np.full((50, 60), value, np.float32)
        assert without_texture(alpha, alpha, photo) is alpha
