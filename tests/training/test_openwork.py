"""Invented products that one can look through."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from packshot.training.data.openwork import draw_openwork

pytestmark = pytest.mark.train
TEXTURE = np.random.default_rng(0).integers(0, 256, (90, 120, 3)).astype(np.uint8)


@pytest.mark.parametrize("seed", range(25))
def test_thin_parts_with_the_background_between_them(seed: int) -> None:
    layer = draw_openwork(np.random.default_rng(seed), TEXTURE)
    assert layer.rgb.shape == (*layer.alpha.shape, 3)
    assert layer.alpha.min() >= 0
    assert layer.alpha.max() == 1
    solid = (layer.alpha >= 0.5).astype(np.uint8)
    contours, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(contours)))
    assert solid.sum() < 0.75 * hull  # one looks through, or past legs
    thick = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8))
    assert thick.sum() < 0.9 * solid.sum()  # and a part of it is thin


def test_the_same_chance_draws_the_same_product() -> None:
    one, other = (draw_openwork(np.random.default_rng(5), TEXTURE) for _ in range(2))
    np.testing.assert_array_equal(one.rgb, other.rgb)
    np.testing.assert_array_equal(one.alpha, other.alpha)
