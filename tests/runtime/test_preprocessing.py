"""Preprocessing by hand."""

import numpy as np

from packshot.runtime.preprocessing import IMAGENET_MEAN, IMAGENET_STD, prepare, resize


def test_values_by_hand():
    rgb = np.zeros((2, 2, 3), np.uint8)
    rgb[...] = (255, 0, 51)
    got = prepare(rgb, size=(4, 2))
    assert got.shape == (3, 2, 4)
    assert got.dtype == np.float32
    expected = [(value - m) / s for value, m, s in zip((1.0, 0.0, 0.2), IMAGENET_MEAN, IMAGENET_STD, strict=True)]
    np.testing.assert_allclose(got[:, 0, 0], expected, rtol=1e-5)


def test_shrinking_averages_areas():
    rgb = np.zeros((4, 4, 3), np.uint8)
    rgb[::2] = 200
    assert np.all(resize(rgb, size=(2, 2)) == 100)
