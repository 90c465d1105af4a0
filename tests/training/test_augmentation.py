"""The published augmentations: Keras' own numbers, and picture and mask always together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy import ndimage
from skimage import data as skimage_data

from packshot.training.data.augmentation import flip, keras_affine, move, paired, strong

pytestmark = pytest.mark.train


def test_the_affine_change_is_keras() -> None:
    """Keras hands its matrix to scipy's affine_transform, bilinear, with reflected borders."""
    picture = skimage_data.camera()[::4, ::5].astype(np.float32) / 255
    matrix = keras_affine(picture.shape, turn=17, shift=(9, -13), shear=0.5, zoom=(0.85, 1.15))
    expected = ndimage.affine_transform(picture, matrix[:2, :2], matrix[:2, 2], order=1, mode="reflect")
    assert np.abs(move(picture, matrix) - expected).max() < 0.03  # OpenCV places to 1/32 pixel
    assert np.abs(move(picture, matrix) - expected).mean() < 0.002


def test_beyond_the_border_lies_its_nearest_pixel_if_asked() -> None:
    picture = skimage_data.camera()[::4, ::5].astype(np.float32) / 255
    matrix = keras_affine(picture.shape, turn=-38, shift=(20, 9), shear=0.2, zoom=(1.2, 0.8))
    expected = ndimage.affine_transform(picture, matrix[:2, :2], matrix[:2, 2], order=1, mode="nearest")
    assert np.abs(move(picture, matrix, border=cv2.BORDER_REPLICATE) - expected).max() < 0.03


def test_the_strong_draw_turns_up_to_40_degrees() -> None:
    """A bright bar through the middle of a large square: its slope tells the turn."""
    bar = np.zeros((101, 101), np.float32)
    bar[48:53] = 1
    picture = np.repeat((bar * 255).astype(np.uint8)[..., None], 3, axis=2)
    turns = []
    for seed in range(60):
        _, moved = strong(np.random.default_rng(seed), picture, bar)
        rows, columns = np.nonzero(moved > 0.5)
        turns.append(abs(np.degrees(np.arctan(np.polyfit(columns, rows, 1)[0]))))
    assert 30 < max(turns) < 56  # 40, stretched by a zoom of 1.2 / 0.8 at most


def test_no_change_changes_nothing() -> None:
    picture = skimage_data.astronaut()[:60, :80]
    matrix = keras_affine((60, 80), turn=0, shift=(0, 0), shear=0, zoom=(1, 1))
    assert np.array_equal(move(picture, matrix), picture)


@pytest.mark.parametrize("change", [flip, paired, strong])
def test_a_picture_that_is_its_own_mask_stays_so(change) -> None:  # type: ignore[no-untyped-def]
    alpha = skimage_data.camera()[::6, ::5].astype(np.float32) / 255
    picture = np.repeat((alpha * 255).astype(np.uint8)[..., None], 3, axis=2)
    changed = 0
    for seed in range(10):
        rgb, mask = change(np.random.default_rng(seed), picture, alpha)
        assert np.abs(rgb[..., 0] / 255 - mask).max() <= 1.01 / 255
        changed += not np.array_equal(rgb, picture)
    assert changed >= 3


def test_the_same_seed_draws_the_same() -> None:
    picture, alpha = skimage_data.astronaut()[:64, :64], np.ones((64, 64), np.float32)
    first, again, other = (paired(np.random.default_rng(seed), picture, alpha)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
